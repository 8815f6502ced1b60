"""Shapes of consent decisions, their receipts (ISO/IEC TS 27560), and the check of a receipt."""

from __future__ import annotations

from api.shapes import MOMENT, UUID, Shape, boolean, integer, list_of, nullable, one_of, record, ref, text
from api.shapes.gate import STATEMENT
from gate.consent import STATES
from gate.decision import ConsentDecision
from gate.models import Agreement

_CHOICE = one_of(*(decision.value for decision in ConsentDecision))
_KIND = one_of(*Agreement.Kind.values)

_STATED = (
    "purpose_description", "necessity", "pii_controller_statement", "recipients", "storage_duration",
    "contact",
)  # fmt: skip
_LINE = {
    "id": UUID,
    "decision": _CHOICE,
    "decided_at": MOMENT,
    "number": integer("Which version it was made on.", minimum=1),
    "surface": text("Where it was made."),
    "receipt": text("Its receipt."),
}
_JWS = {
    "protected": text("The header {alg, kid, typ}, base64url."),
    "payload": text("The receipt without `signature`, as canonical JSON, base64url."),
    "signature": text("64 bytes, base64url."),
}
_JWK = {
    "kty": one_of("OKP"),
    "crv": one_of("Ed25519"),
    "alg": one_of("Ed25519"),
    "use": one_of("sig"),
    "kid": text("Its thumbprint (RFC 7638), as in the header of a signature."),
    "x": text("The public key, base64url."),
}

SHAPES: dict[str, Shape] = {
    "DecisionLine": record("One decision.", _LINE),
    "Consent": record("The decisions on one text in one zone; the latest one itself.", _LINE | {
        "zone": nullable(record("The zone, while it exists.", {"slug": text(), "title": text()})),
        "kind": _KIND,
        "title": text(),
        "locale": text(),
        "sha256": text("Of the exact text."),
        "awaits_decision": boolean("A newer version asks again and has not been decided on."),
        "gate": nullable(text("Where to decide again; null where the zone no longer asks.")),
        "withdraw": nullable(text("POST there; null where nothing is agreed to.")),
        "earlier": list_of(ref("DecisionLine")),
    }),
    "ConsentList": record("All of them, the latest decision first.", {"items": list_of(ref("Consent"))}),
    "ConsentReceipt": record("A signed receipt in the structure of ISO/IEC TS 27560:2023.", {
        "schema_version": text(),
        "record_id": UUID,
        "pii_principal_id": text("The account, as a pseudonym."),
        "pii_processing": record("What was decided on.", {
            "privacy_notice": record("The text exactly as it was shown.", {
                "title": text(),
                "version": integer(minimum=1),
                "language": text(),
                "effective_from": MOMENT,
                "text": text("HTML."),
                "links": list_of(record("A document it refers to.", {"label": text(), "url": text()})),
                "sha256": text(
                    "Of the canonical JSON of {links, locale, text, title}, and of {statement} if any."
                ),
                "statement": STATEMENT,
            }, optional=("statement",)),
            "language": text("In which language the page around it was."),
            "purposes": list_of(record("What the text is for.", {
                "purpose": text(),
                "purpose_type": _KIND,
                "lawful_basis": one_of("consent", "separate_consent"),
                "lawful_basis_reference": text(),
                "pii_information": list_of(record("Which data.", {"pii_type": text()})),
                "pii_controllers": list_of(text("A party_id.")),
                "collection_method": text(),
                "services": list_of(text("The zone.")),
                "jurisdictions": list_of(text()),
                "withdrawal_method": text("Where to withdraw."),
                **{name: text("Where the text states it.") for name in _STATED},
            }, optional=_STATED)),
        }),
        "party_identification": list_of(record("Who answers for the data.", {
            "party_id": text(),
            "party_role": text(),
            "party_name": text(),
            "party_email": text(),
            "party_url": text(),
            "party_address": text(),
        }, optional=("party_name", "party_email", "party_url", "party_address"))),
        "events": list_of(record("The decisions on this version up to this one.", {
            "event_id": UUID,
            "event_time": MOMENT,
            "event_type": one_of("explicit"),
            "event_state": one_of(*dict.fromkeys(STATES.values())),
            "decision": _CHOICE,
            "validity_duration": nullable(text("Null: until it is withdrawn.")),
            "entity_id": text(),
        })),
        "signature": record("A flattened JWS (RFC 7515) over everything else.", _JWS),
    }),
    "ReceiptKey": record("The key set (RFC 7517) of our signatures.", {
        "keys": list_of(record("A public key.", _JWK)),
    }),
    "ReceiptVerdict": record("Whether a receipt is ours and unchanged.", {
        "verdict": one_of("genuine", "altered", "unknown_key", "not_a_receipt"),
        "genuine": boolean("The verdict in short."),
        "receipt": nullable(record("What the genuine receipt says.", {
            "record_id": UUID,
            "title": text(),
            "number": integer(minimum=1),
            "sha256": text(),
            "decision": _CHOICE,
            "decided_at": MOMENT,
        })),
        "key": ref("ReceiptKey"),
    }),
}  # fmt: skip
