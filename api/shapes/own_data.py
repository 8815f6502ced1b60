"""Shapes of a user's exported data and of an erasure. Built by gate.privacy.export.document."""

from __future__ import annotations

from api.shapes import MOMENT, UUID, Shape, boolean, integer, list_of, nullable, one_of, record, text

_ZONE = nullable(record("A zone; null where it is gone.", {"slug": text(), "title": text()}))
_WHEN = nullable(MOMENT)

SHAPES: dict[str, Shape] = {
    "PersonalData": record("Everything held about one user.", {
        "format": one_of("xinglin.personal-data/1", description="Names this structure."),
        "made_at": MOMENT,
        "account": record("The account.", {
            "id": UUID,
            "email": text(format="email"),
            "display_name": text(),
            "locale": text(),
            "joined_at": MOMENT,
            "last_signed_in_at": _WHEN,
            "addresses": list_of(record("An address.", {
                "email": text(), "verified": boolean(), "primary": boolean(),
            })),
            "second_factors": list_of(record("A second factor; its secret is not included.", {
                "kind": text(), "since": MOMENT,
            })),
            "staff": boolean(),
            "groups": list_of(text()),
        }),
        "consents": list_of(record("One decision on one text.", {
            "id": UUID,
            "zone": _ZONE,
            "kind": text(),
            "title": text(),
            "version": integer(),
            "text_sha256": text("Of the exact text that was shown."),
            "decision": one_of("agreed", "refused", "skipped", "withdrawn"),
            "decided_at": MOMENT,
            "surface": text(),
            "locale": text(),
            "context_hash": text("A keyed hash of address and browser."),
            "receipt_sha256": text("Of the receipt in canonical JSON."),
        })),
        "answers": list_of(record("One submission of questions, or a correction of one.", {
            "id": UUID,
            "corrects": nullable(UUID),
            "corrected": boolean("A newer one says what counts; this one is kept as evidence."),
            "zone": _ZONE,
            "questionnaire": text(),
            "version": integer(),
            "submitted_at": MOMENT,
            "answers": list_of(record("One question.", {"question": text(), "answer": {}})),
        })),
        "verifications": list_of(record("One request to be recognised.", {
            "id": UUID,
            "zone": _ZONE,
            "state": text(),
            "full_name": text(),
            "profession": text(),
            "licence_number": text(),
            "institution": text(),
            "department": text(),
            "professional_title": text(),
            "submitted_at": _WHEN,
            "decided_at": _WHEN,
            "expires_at": _WHEN,
            "reason": text("The reason that you were given."),
            "field_reasons": {"type": "object", "additionalProperties": {"type": "string"}},
            "events": list_of(record("What happened to it.", {
                "at": MOMENT, "action": text(), "state": text(), "by": one_of("you", "staff", "system"),
            })),
            "messages": list_of(record("What you and reviewers asked and answered.", {
                "at": MOMENT, "kind": text(), "by": one_of("you", "staff"), "text": text(),
            })),
            "credentials": list_of(record("One file.", {
                "file": nullable(text("Its name in the archive; null once it is deleted.")),
                "content_type": text(),
                "size": integer(),
                "keyed_hash": text("Stays when the file is deleted."),
                "added_at": MOMENT,
                "deleted_at": _WHEN,
            })),
        })),
        "admissions": list_of(record("A zone that was open to you.", {
            "zone": _ZONE, "granted_at": MOMENT, "expires_at": MOMENT, "revoked_at": _WHEN,
        })),
        "grants": list_of(record("A right that staff gave you.", {
            "zone": _ZONE, "right": text(), "granted_at": MOMENT, "expires_at": _WHEN,
        })),
        "applications": list_of(record("Another application with access to your account.", {
            "name": text(), "scopes": list_of(text()), "since": MOMENT, "expires_at": _WHEN,
        })),
        "accesses": list_of(record("Who looked at your data, or acted on it.", {
            "at": MOMENT,
            "action": text(),
            "label": text(),
            "by": one_of("you", "staff", "system"),
            "staff_code": nullable(text("Stands for one member of staff; name it in a complaint.")),
            "reason": text(),
        })),
        "retention": list_of(record("How long something is kept.", {
            "key": text(), "what": text(), "days": nullable(integer()), "since": text(),
        })),
        "erasure": record("What erasing the account means.", {
            "grace_days": integer(), "erased": list_of(text()), "kept": list_of(text()), "note": text(),
        }),
    }),
    "Erasure": record("What erasing the account means, and when it happens.", {
        "due_at": nullable(MOMENT),
        "grace_days": integer("Days in which signing in cancels it."),
        "erased": list_of(text()),
        "kept": list_of(text("With the reason.")),
        "note": text(),
        "retention": list_of(record("How long something is kept.", {
            "key": text(), "what": text(), "days": nullable(integer()), "text": text(),
        })),
    }),
    "AccountBody": record("What to correct; what is left out stays.", {
        "display_name": text(maxLength=120),
        "locale": one_of("zh-hans", "en"),
    }, optional=("display_name", "locale")),
}  # fmt: skip
