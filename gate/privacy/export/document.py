"""Everything held about one user, as data. `FORMAT` names the structure; see api/shapes/own_data.py.

Left out: what would reveal something about others (reviewers' names and internal notes, other users' rows)
and what would allow to sign in (password, keys, tokens). gate.privacy.holdings declares for each table where
it is shown.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone

from cms.models import ZonePage
from gate.consent.receipt_signature import canonical
from gate.consent.receipts import receipt_of
from gate.models import (
    Admission,
    AnswerSet,
    CaseMessage,
    ConsentRecord,
    Credential,
    User,
    Verification,
    VerificationEvent,
    ZoneUserObjectPermission,
)
from gate.people.grants import is_appointed
from gate.privacy.export.accesses import accesses_of
from gate.privacy.notice import ERASED, KEPT, UNDER_A_NUMBER
from gate.privacy.retention import terms
from gate.verification.status import INPUT_FIELDS

FORMAT = "xinglin.personal-data/1"


def document_of(user: User) -> dict[str, Any]:
    """The whole document, in a number of queries that grows with the consents only (each has its receipt)."""
    zones = {zone.pk: zone for zone in ZonePage.objects.all()}
    return {
        "format": FORMAT,
        "made_at": _moment(timezone.now()),
        "account": _account(user),
        "consents": _consents(user, zones),
        "answers": _answers(user, zones),
        "verifications": _verifications(user, zones),
        "admissions": _admissions(user, zones),
        "grants": _grants(user),
        "applications": _applications(user),
        "accesses": _accesses(user),
        "retention": [
            {"key": term.key, "what": term.what, "days": term.days, "since": term.since} for term in terms()
        ],
        "erasure": {
            "grace_days": settings.XINGLIN_ERASURE_GRACE_DAYS,
            "erased": [str(item) for item in ERASED],
            "kept": [str(item) for item in KEPT],
            "note": str(UNDER_A_NUMBER),
        },
    }


def file_name(case: int, row: Credential, number: int) -> str:
    """The name of a credential in the archive; reveals nothing about the user."""
    ending = {"image/png": "png", "application/pdf": "pdf"}.get(row.content_type, "jpg")
    return f"credentials/{case}-{number}.{ending}"


def _account(user: User) -> dict[str, Any]:
    return {
        "id": str(user.uuid),
        "email": user.email,
        "display_name": user.display_name,
        "locale": user.locale,
        "joined_at": _moment(user.date_joined),
        "last_signed_in_at": _moment(user.last_login),
        "addresses": [
            {"email": row.email, "verified": row.verified, "primary": row.primary}
            for row in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "second_factors": [
            {"kind": row.type, "since": _moment(row.created_at)}
            for row in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "staff": is_appointed(user),
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def _consents(user: User, zones: dict[int, ZonePage]) -> list[dict[str, Any]]:
    records = ConsentRecord.objects.filter(user=user).select_related("version__agreement").order_by("pk")
    return [
        {
            "id": str(record.uuid),
            "zone": _zone(record.zone_id, zones),
            "kind": record.version.agreement.kind,
            "title": record.version.title,
            "version": record.version.number,
            "text_sha256": record.version.sha256,
            "decision": record.decision,
            "decided_at": _moment(record.decided_at),
            "surface": record.surface,
            "locale": record.locale,
            "context_hash": record.context_hash,
            "receipt_sha256": hashlib.sha256(canonical(receipt_of(record))).hexdigest(),
        }
        for record in records
    ]


def _answers(user: User, zones: dict[int, ZonePage]) -> list[dict[str, Any]]:
    found = AnswerSet.objects.filter(user=user).select_related("version").order_by("pk")
    names = {row.pk: str(row.uuid) for row in found}
    replaced = {row.corrects_id for row in found}
    return [
        {
            "id": str(row.uuid),
            "corrects": names.get(row.corrects_id) if row.corrects_id is not None else None,
            "corrected": row.pk in replaced,
            "zone": _zone(row.zone_id, zones),
            "questionnaire": row.version.title,
            "version": row.version.number,
            "submitted_at": _moment(row.submitted_at),
            "answers": [
                {"question": question["text"], "answer": row.answers[question["key"]]}
                for question in row.version.questions
                if question["key"] in row.answers
            ],
        }
        for row in found
    ]


def _verifications(user: User, zones: dict[int, ZonePage]) -> list[dict[str, Any]]:
    cases = (
        Verification.objects.filter(user=user)
        .order_by("pk")
        .prefetch_related("credentials", "events", "messages")
    )
    return [_verification(number, case, user, zones) for number, case in enumerate(cases, start=1)]


def _verification(number: int, case: Verification, user: User, zones: dict[int, ZonePage]) -> dict[str, Any]:
    return {
        "id": str(case.uuid),
        "zone": _zone(case.zone_id, zones),
        "state": case.state,
        **{name: getattr(case, name) for name in INPUT_FIELDS},
        "submitted_at": _moment(case.submitted_at),
        "decided_at": _moment(case.decided_at),
        "expires_at": _moment(case.expires_at),
        "reason": case.reason,
        "field_reasons": dict(case.field_reasons),
        "events": [_event(event, user) for event in case.events.all()],
        # Notes among reviewers are theirs.
        "messages": [
            {
                "at": _moment(message.at),
                "kind": message.kind,
                "by": "you" if message.author_id == user.pk else "staff",
                "text": message.text,
            }
            for message in case.messages.all()
            if message.kind in CaseMessage.SHOWN_TO_PERSON
        ],
        "credentials": [
            {
                "file": file_name(number, row, position) if row.deleted_at is None else None,
                "content_type": row.content_type,
                "size": row.size,
                "keyed_hash": row.content_hash,
                "added_at": _moment(row.created_at),
                "deleted_at": _moment(row.deleted_at),
            }
            for position, row in enumerate(case.credentials.all(), start=1)
        ],
    }


def _event(event: VerificationEvent, user: User) -> dict[str, Any]:
    by = "system" if event.actor_id is None else "you" if event.actor_id == user.pk else "staff"
    return {"at": _moment(event.at), "action": event.action, "state": event.to_state, "by": by}


def _admissions(user: User, zones: dict[int, ZonePage]) -> list[dict[str, Any]]:
    return [
        {
            "zone": _zone(row.zone_id, zones),
            "granted_at": _moment(row.granted_at),
            "expires_at": _moment(row.expires_at),
            "revoked_at": _moment(row.revoked_at),
        }
        for row in Admission.objects.filter(user=user).order_by("pk")
    ]


def _grants(user: User) -> list[dict[str, Any]]:
    rows = ZoneUserObjectPermission.objects.filter(user=user).select_related(
        "content_object__zone", "permission"
    )
    return [
        {
            "zone": {"slug": row.content_object.zone.slug, "title": row.content_object.zone.title},
            "right": row.permission.codename,
            "granted_at": _moment(row.granted_at),
            "expires_at": _moment(row.expires_at),
        }
        for row in rows.order_by("pk")
    ]


def _applications(user: User) -> list[dict[str, Any]]:
    tokens = Token.objects.filter(user=user).select_related("client").order_by("pk")
    return [
        {
            "name": token.client.name if token.client else "",
            "scopes": sorted(token.get_scopes()),
            "since": _moment(token.created_at),
            "expires_at": _moment(token.expires_at),
        }
        for token in tokens
    ]


def _accesses(user: User) -> list[dict[str, Any]]:
    return [
        {
            "at": _moment(entry.at),
            "action": entry.action,
            "label": entry.label,
            "by": entry.by,
            "staff_code": entry.code or None,
            "reason": entry.reason,
        }
        for entry in accesses_of(user)
    ]


def _zone(zone_id: int | None, zones: dict[int, ZonePage]) -> dict[str, str] | None:
    zone = zones.get(zone_id) if zone_id is not None else None
    return {"slug": zone.slug, "title": zone.title} if zone is not None else None


def _moment(value: datetime | None) -> str | None:
    """RFC 3339 to the second, in the site's time zone."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value is not None else None
