"""Examples of decisions, receipts and verdicts."""

from __future__ import annotations

from typing import Any

_ID = "2f0d3c52-7c1f-4b53-9a63-5f8f3a1f7e21"
_PERSON = "3a0f7f3e-6a9b-4f33-9f0a-2d9f1f0e9c10"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
# The key of RFC 8037, appendix A.
_KEY = {
    "keys": [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "Ed25519",
            "use": "sig",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }
    ]
}
_LINE = {
    "id": _ID,
    "decision": "agreed",
    "decided_at": "2026-11-23T09:30:00+08:00",
    "number": 2,
    "surface": "site",
    "receipt": f"/api/v1/me/consents/{_ID}/receipt",
}

EXAMPLES: dict[str, Any] = {
    "ConsentList": {
        "items": [
            {
                **_LINE,
                "zone": {"slug": "cell-therapy", "title": "细胞治疗专区"},
                "kind": "sharing",
                "title": "信息共享单独同意书",
                "locale": "zh-hans",
                "sha256": _SHA256,
                "awaits_decision": False,
                "gate": "/api/v1/gate/zones/cell-therapy",
                "withdraw": f"/api/v1/me/consents/{_ID}/withdrawal",
                "earlier": [],
            }
        ]
    },
    "ConsentReceipt": {
        "schema_version": "ISO/IEC TS 27560:2023",
        "record_id": _ID,
        "pii_principal_id": _PERSON,
        "pii_processing": {
            "privacy_notice": {
                "title": "信息共享单独同意书",
                "version": 2,
                "language": "zh-hans",
                "effective_from": "2026-10-01T00:00:00.000000+08:00",
                "text": "<p>我们只在您同意之后与合作方共享您的姓名与机构。</p>",
                "links": [],
                "sha256": _SHA256,
            },
            "language": "zh-hans",
            "purposes": [
                {
                    "purpose": "信息共享单独同意书",
                    "purpose_type": "sharing",
                    "lawful_basis": "separate_consent",
                    "lawful_basis_reference": "PIPL Art. 23",
                    "pii_information": [{"pii_type": "as_stated_in_privacy_notice"}],
                    "pii_controllers": ["controller"],
                    "collection_method": "site",
                    "services": ["细胞治疗专区"],
                    "jurisdictions": ["CN"],
                    "withdrawal_method": "https://xinglin.example.org/me/#consents",
                }
            ],
        },
        "party_identification": [
            {"party_id": "controller", "party_role": "pii_controller", "party_name": "杏林"}
        ],
        "events": [
            {
                "event_id": _ID,
                "event_time": "2026-11-23T09:30:00.000000+08:00",
                "event_type": "explicit",
                "event_state": "consent_given",
                "decision": "agreed",
                "validity_duration": None,
                "entity_id": _PERSON,
            }
        ],
        "signature": {
            "protected": "eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoi…",
            "payload": "eyJldmVudHMiOlt7ImRlY2lzaW9uIjoi…",
            "signature": "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhi…",
        },
    },
    "ReceiptKey": _KEY,
    "ReceiptVerdict": {
        "verdict": "genuine",
        "genuine": True,
        "receipt": {
            "record_id": _ID,
            "title": "信息共享单独同意书",
            "number": 2,
            "sha256": _SHA256,
            "decision": "agreed",
            "decided_at": "2026-11-23T09:30:00.000000+08:00",
        },
        "key": _KEY,
    },
}
