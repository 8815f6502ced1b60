"""Examples of a user's exported data, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

_ZONE = {"slug": "cell-therapy", "title": "细胞治疗专区"}
_TERM = {"key": "credential_files", "what": "认证材料的图片", "days": 30}
_ERASED = ["您的姓名、邮箱与密码，以及所有登录方式"]
_KEPT = ["您同意、拒绝或撤回过什么、在何时：法律要求我们能够证明"]
_NOTE = "保留的内容只挂在一个随机编号之下。"

EXAMPLES: dict[str, Any] = {
    "PersonalData": {
        "format": "xinglin.personal-data/1",
        "made_at": "2026-11-23T14:05:00+08:00",
        "account": {
            "id": "6b1f8a52-8d2e-4f5e-9d2b-6a1c3f1d9e07",
            "email": "reader@example.org",
            "display_name": "林知远",
            "locale": "zh-hans",
            "joined_at": "2026-10-01T09:00:00+08:00",
            "last_signed_in_at": "2026-11-23T14:00:00+08:00",
            "addresses": [{"email": "reader@example.org", "verified": True, "primary": True}],
            "second_factors": [],
            "staff": False,
            "groups": [],
        },
        "consents": [
            {
                "id": "2f0c2f4e-2a5b-4a83-8a55-0d7a4c1b6e11",
                "zone": _ZONE,
                "kind": "identity",
                "title": "医护人员身份声明",
                "version": 1,
                "text_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "decision": "agreed",
                "decided_at": "2026-10-01T09:02:00+08:00",
                "surface": "site",
                "locale": "zh-hans",
                "context_hash": "",
                "receipt_sha256": "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
            }
        ],
        "answers": [
            {
                "id": "5e1f2b0c-9a51-4a53-8d3f-6f0d1c2b3a49",
                "corrects": None,
                "corrected": False,
                "zone": _ZONE,
                "questionnaire": "完善信息",
                "version": 1,
                "submitted_at": "2026-10-01T09:03:00+08:00",
                "answers": [{"question": "您的专业方向？", "answer": "血液科"}],
            }
        ],
        "verifications": [],
        "admissions": [],
        "grants": [],
        "applications": [],
        "accesses": [
            {
                "at": "2026-10-01T11:20:00+08:00",
                "action": "credential_viewed",
                "label": "查看认证材料",
                "by": "staff",
                "staff_code": "3f2a91c0",
                "reason": "deciding the case",
            }
        ],
        "retention": [_TERM | {"since": "认证作出决定之后"}],
        "erasure": {"grace_days": 14, "erased": _ERASED, "kept": _KEPT, "note": _NOTE},
    },
    "Erasure": {
        "due_at": None,
        "grace_days": 14,
        "erased": _ERASED,
        "kept": _KEPT,
        "note": _NOTE,
        "retention": [_TERM | {"text": "认证作出决定之后 30 天删除"}],
    },
    "AccountBody": {"display_name": "林知远", "locale": "zh-hans"},
}
