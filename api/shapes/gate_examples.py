"""Examples of the gate's bodies."""

from __future__ import annotations

from typing import Any

NEXT_STEP: dict[str, Any] = {
    "id": 11,
    "kind": "agreement",
    "title": "身份认证协议",
    "minutes": 1,
    "version": 3,
    "url": "/api/v1/gate/zones/cell-therapy/steps/11",
}

_LINES: list[dict[str, Any]] = [
    {"id": 11, "kind": "agreement", "title": "身份认证协议", "minutes": 1, "state": "now"},
    {"id": 12, "kind": "consent", "title": "知情同意书", "minutes": 2, "state": "todo"},
    {"id": 13, "kind": "verification", "title": "职业认证", "minutes": 3, "state": "todo"},
]

LOCKED: dict[str, Any] = {
    "reason": "agreement_required",
    "message": "请阅读协议并作出选择。",
    "next_step": NEXT_STEP,
    "steps": _LINES,
    "gate": "/api/v1/gate/zones/cell-therapy",
}

_AGREEMENT = {
    "version": 3,
    "number": 2,
    "title": "身份认证协议",
    "html": "<p>本专区仅面向医疗卫生专业人士。</p>",
    "links": [{"label": "隐私政策", "url": "https://example.org/privacy"}],
    "locale": "zh-hans",
    "effective_from": "2026-10-01T00:00:00+08:00",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "statement": {},
    "changes": None,
}

_URLS = (
    "/api/v1/gate/zones/cell-therapy/steps/11",
    "/api/v1/gate/zones/cell-therapy/steps/12",
    "/api/v1/gate/verification",
)
_STATE = {
    "zone": {"slug": "cell-therapy", "title": "细胞治疗专区"},
    "audience": "hcp",
    "allowed": False,
    "reason": "agreement_required",
    "message": "请阅读协议并作出选择。",
    "expires_at": None,
    "next_step": NEXT_STEP,
    "minutes_left": 6,
    "countdown_seconds": 5,
    "steps": [
        line
        | {
            "url": url,
            "decision": None,
            "agreement": agreement,
            "questionnaire": None,
        }
        for line, url, agreement in zip(
            _LINES,
            _URLS,
            (_AGREEMENT, None, None),
            strict=True,
        )
    ],
    "verification": None,
}

_CASE = {
    "id": "7c1c7b6e-3c1e-4a3e-8f64-0e7a2b1f4d55",
    "state": "submitted",
    "submitted_at": "2026-11-23T09:30:00+08:00",
    "decided_at": None,
    "expires_at": None,
    "reason": "",
    "field_reasons": {},
    "input": {"full_name": "林知远", "profession": "physician", "institution": "杏林示范医院"},
    "credentials": 1,
    "position": 3,
    "usual_wait_seconds": 14400,
    "question": None,
    "appeal": None,
    "appeal_until": None,
    "in_force": None,
}

_KEY = "2f6d1c1e-51a2-4f6e-9d0b-7a1f4f0a9c33"

EXAMPLES: dict[str, Any] = {
    "OwnAnswers": {
        "items": [
            {
                "id": "5e1f2b0c-9a51-4a53-8d3f-6f0d1c2b3a49",
                "submitted_at": "2026-11-23T09:30:00+08:00",
                "number": 1,
                "answers": {_KEY: "消化内科"},
                "zone": {"slug": "cell-therapy", "title": "细胞治疗专区"},
                "kind": "profile",
                "questionnaire": {
                    "version": 4,
                    "title": "完善信息",
                    "introduction": "",
                    "questions": [
                        {
                            "key": _KEY,
                            "kind": "text",
                            "text": "您的专业方向？",
                            "hint": "",
                            "choices": [],
                            "minimum": None,
                            "maximum": None,
                            "whole_number": False,
                            "required": True,
                            "shown_when": None,
                            "suggestions": [],
                        }
                    ],
                },
                "correct": "/api/v1/me/answers/5e1f2b0c-9a51-4a53-8d3f-6f0d1c2b3a49/correction",
                "earlier": [],
            }
        ]
    },
    "CorrectionBody": {"answers": {_KEY: "内镜中心"}},
    "AppealBody": {"reason": "证书背面有编号，第一次没有拍到。"},
    "GateState": _STATE,
    "VerificationAnswer": {
        "verification": _CASE,
        "consent": {
            "given": True,
            "decision": "agreed",
            "agreement": _AGREEMENT
            | {
                "title": "敏感个人信息单独同意书",
                "statement": {"purpose": "核实您的专业身份。", "retention": "审核结束后三十天内删除。"},
            },
            "url": "/api/v1/gate/verification/consent",
        },
        "form": {
            "professions": [
                {
                    "value": "physician",
                    "label": "医师",
                    "fields": [
                        {
                            "name": "licence_number",
                            "label": "执业证书编号",
                            "hint": "",
                            "required": True,
                            "max_length": 40,
                            "pattern": "[0-9]{15,27}",
                        }
                    ],
                }
            ],
            "files": {"most": 4, "bytes": 10485760, "media_types": ["image/jpeg", "image/png", "image/heic"]},
        },
    },
    "Account": {
        "id": "3a0f7f3e-6a9b-4f33-9f0a-2d9f1f0e9c10",
        "email": "reader@example.org",
        "display_name": "林知远",
        "locale": "zh-hans",
        "zones": [
            {
                "slug": "cell-therapy",
                "title": "细胞治疗专区",
                "audience": "hcp",
                "allowed": False,
                "reason": "pending_review",
                "expires_at": None,
                "gate": "/api/v1/gate/zones/cell-therapy",
            }
        ],
        "verification": _CASE,
    },
}
