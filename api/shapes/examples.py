"""One example for each body, for the OpenAPI document. Tests compare them with their shapes."""

from __future__ import annotations

from typing import Any

from api.problem_kinds import KINDS
from api.shapes.consent_examples import EXAMPLES as CONSENTS
from api.shapes.gate_examples import EXAMPLES as GATE
from api.shapes.gate_examples import LOCKED
from api.shapes.own_data_examples import EXAMPLES as OWN_DATA

_ZONE = {
    "id": "0b6f0a52-8d2e-4f5e-9d2b-6a1c3f1d9e01",
    "slug": "cell-therapy",
    "title": "细胞治疗专区",
    "path": "/zones/cell-therapy/",
    "locale": "zh-hans",
    "summary": "面向血液科与肿瘤科医师的细胞治疗进展。",
    "audience": "hcp",
    "articles": 12,
    "gate": "/api/v1/gate/zones/cell-therapy",
}

_TEASER: dict[str, Any] = {
    "id": "5f0c2f4e-2a5b-4a83-8a55-0d7a4c1b6e10",
    "title": "输注后第一周的监测要点",
    "slug": "first-week",
    "path": "/articles/5f0c2f4e-2a5b-4a83-8a55-0d7a4c1b6e10/",
    "locale": "zh-hans",
    "summary": "体温、血压与神经系统评估的时间安排。",
    "date": "2026-11-20",
    "originality": "original",
    "byline": [{"kind": "person", "name": "林知远", "title": "主任医师", "affiliation": "杏林示范医院"}],
    "source": None,
    "zone": {"slug": "cell-therapy", "title": "细胞治疗专区"},
    "audience": "hcp",
    "reading_minutes": 6,
}

_ARTICLE = _TEASER | {
    "contents": [],
    "figures_total": 2,
    "body": [
        {
            "type": "paragraph",
            "id": "c1f3f5d2-7a51-4e0e-9a53-4b0f1f7f1d11",
            "html": "<p>输注后的第一周决定了多数不良反应能否被及时发现。</p>",
        }
    ],
    "locked": LOCKED,
}

_HIT = _TEASER | {
    "readable": False,
    "title_html": "输注后第一周的<mark>监测</mark>要点",
    "excerpt_html": "体温、血压与神经系统评估的时间安排。",
}

_KIND = KINDS["step_out_of_order"]
_PROBLEM_KIND = {
    "type": _KIND.uri,
    "code": _KIND.code,
    "status": _KIND.status,
    "title": "Another step comes first",
    "meaning": "The gate's steps are taken in order. `next_step` says which one is next.",
}

EXAMPLES: dict[str, Any] = {
    **OWN_DATA,
    "Zone": _ZONE,
    "ZoneList": {"items": [_ZONE]},
    "ArticleList": {
        "items": [_TEASER | {"readable": False}],
        "next_cursor": "WyIyMDI2LTExLTIwIiw0Ml0:1wA2bC:example",
    },
    "Article": _ARTICLE,
    "SearchPage": {
        "query": "输注后监测",
        "zone": None,
        "total": 1,
        "page": 1,
        "size": 10,
        "pages": 1,
        "items": [_HIT],
    },
    "ProblemKind": _PROBLEM_KIND,
    "ProblemKindList": {"items": [_PROBLEM_KIND]},
    **GATE,
    **CONSENTS,
}
