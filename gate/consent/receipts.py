"""Receipts of decisions on an exact text, in the structure of ISO/IEC TS 27560:2023.

Its three parts have the names of the specification: the header (`schema_version`, `record_id`,
`pii_principal_id`), `pii_processing` with the notice and its purposes, `party_identification`, and `events`.
The same record gives the same receipt whenever it is built: it holds no time of issue.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from cms.models import ZonePage
from cms.site_profile import controller
from gate.consent.receipt_signature import Verdict, check, signed
from gate.decision.facts import ConsentDecision
from gate.errors import UnknownConsent
from gate.models import Agreement, ConsentRecord, User

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
CONTROLLER_ID = "controller"

STATES = {
    ConsentDecision.AGREED: "consent_given",
    ConsentDecision.REFUSED: "consent_refused",
    ConsentDecision.SKIPPED: "consent_refused",
    ConsentDecision.WITHDRAWN: "consent_withdrawn",
}
# Personal Information Protection Law of the PRC: consent; separate consent to sharing, publication, transfer.
# Receipts hold the references as they stand here; pages translate them.
LAWFUL_BASES = {
    Agreement.Kind.IDENTITY: ("consent", gettext_noop("PIPL Art. 13(1)(1)")),
    Agreement.Kind.CONSENT: ("consent", gettext_noop("PIPL Art. 13(1)(1)")),
    Agreement.Kind.SHARING: ("separate_consent", gettext_noop("PIPL Art. 23")),
    Agreement.Kind.PUBLICATION: ("separate_consent", gettext_noop("PIPL Art. 25")),
    Agreement.Kind.CROSS_BORDER: ("separate_consent", gettext_noop("PIPL Art. 39")),
    Agreement.Kind.SENSITIVE: ("separate_consent", gettext_noop("PIPL Art. 29")),
}


def record_of(user: User, consent: UUID) -> ConsentRecord:
    """The user's own record; UnknownConsent for another user's and for none."""
    rows = ConsentRecord.objects.select_related("version__agreement", "user")
    record = rows.filter(user=user, uuid=consent).first()
    if record is None:
        raise UnknownConsent
    return record


def receipt_of(record: ConsentRecord) -> dict[str, Any]:
    """The signed receipt. Its events are the user's decisions on this version up to this one."""
    user = str(record.user.uuid)
    version, zone = record.version, ZonePage.objects.filter(pk=record.zone_id).first()
    history = ConsentRecord.objects.filter(
        user=record.user, zone_id=record.zone_id, version=version, pk__lte=record.pk
    ).order_by("pk")
    basis, reference = LAWFUL_BASES[Agreement.Kind(version.agreement.kind)]
    return signed(
        {
            "schema_version": SCHEMA_VERSION,
            "record_id": str(record.uuid),
            "pii_principal_id": user,
            "pii_processing": {
                "privacy_notice": {
                    "title": version.title,
                    "version": version.number,
                    "language": version.locale,
                    "effective_from": _moment(version.effective_from),
                    "text": version.text,
                    "links": version.links,
                    "sha256": version.sha256,
                    **({"statement": version.stated} if version.statement else {}),
                },
                "language": record.locale or version.locale,
                "purposes": [
                    {
                        "purpose": version.title,
                        "purpose_type": version.agreement.kind,
                        "lawful_basis": basis,
                        "lawful_basis_reference": reference,
                        "pii_information": [{"pii_type": "as_stated_in_privacy_notice"}],
                        "pii_controllers": [CONTROLLER_ID],
                        "collection_method": record.surface,
                        "services": [zone.title] if zone is not None else [],
                        "jurisdictions": ["CN"],
                        "withdrawal_method": f"{settings.XINGLIN_BASE_URL}/me/#consents",
                        **_stated(version.stated),
                    }
                ],
            },
            "party_identification": [_controller()],
            "events": [
                {
                    "event_id": str(event.uuid),
                    "event_time": _moment(event.decided_at),
                    "event_type": "explicit",
                    "event_state": STATES[ConsentDecision(event.decision)],
                    "decision": event.decision,
                    "validity_duration": None,
                    "entity_id": user,
                }
                for event in history
            ],
        }
    )


def verify_receipt(document: Mapping[str, Any]) -> tuple[Verdict, dict[str, Any] | None]:
    """The verdict; of a genuine receipt also its content: record, text, decision and moment.

    Only the signature is checked, never the database: the result does not reveal whether a user or a record
    exists, nor what was decided since.
    """
    verdict = check(document)
    if verdict != "genuine":
        return verdict, None
    notice, last = document["pii_processing"]["privacy_notice"], document["events"][-1]
    return verdict, {
        "record_id": document["record_id"],
        "title": notice["title"],
        "number": notice["version"],
        "sha256": notice["sha256"],
        "decision": last["decision"],
        "decided_at": last["event_time"],
    }


def _stated(statement: Mapping[str, str]) -> dict[str, Any]:
    """The text's statement about its purpose, in the terms of a receipt; empty where it has none."""
    names = {
        "purpose": "purpose_description",
        "necessity": "necessity",
        "controller": "pii_controller_statement",
        "recipients": "recipients",
        "retention": "storage_duration",
        "contact": "contact",
    }
    return {names[name]: text for name, text in statement.items()}


def _controller() -> dict[str, str]:
    return {"party_id": CONTROLLER_ID, "party_role": "pii_controller"} | {
        f"party_{name}": value for name, value in controller().items() if value
    }


def _moment(value: datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="microseconds")
