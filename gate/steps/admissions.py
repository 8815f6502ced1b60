"""Writes admissions in the transaction that completes a gate; revokes and reopens them for staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cms.audiences import Audience
from cms.models import ZonePage
from gate.decision.facts import AdmissionFact, Decision, Subject, ZoneRules
from gate.decision.policy import at_audience, decide
from gate.decision.selectors import load_rules, load_subject
from gate.decision.step_kinds import kind_of
from gate.errors import AlreadyDecided, MissingReason, NotYourCase
from gate.models import Admission, AuditEvent, User, ZoneGate
from gate.notify.notifications import notify_after_commit
from gate.people.grants import Right, has_right
from gate.steps.turns import lock_user


def admit_if_complete(*, user: User, zone_id: int | None = None) -> list[Admission]:
    """Admit the (locked) user to the zone, or to every zone, whose gate lacks nothing but the admission.

    Of all zones, those are left out that are public and have no step: their articles with a narrower
    audience, if any, are entered one by one.
    """
    now = timezone.now()
    rules = load_rules(now=now, zone_ids=None if zone_id is None else [zone_id]).values()
    zones = [zone for zone in rules if zone_id is not None or zone.audience != Audience.PUBLIC or zone.steps]
    return admit(user, load_subject(user), zones, now=now)[0]


def admit(
    user: User, subject: Subject, zones: Iterable[ZoneRules], *, now: datetime
) -> tuple[list[Admission], Subject]:
    """Admit the (locked) user, whose facts are `subject`, where nothing else is missing.

    Returns the admissions that were written, and the facts with them. A zone counts as complete at its own
    audience or at `hcp`, for its articles with a narrower audience.
    """
    admitted = []
    for zone in zones:
        decisions = [
            decide(subject, at_audience(zone, level), now=now) for level in {zone.audience, Audience.HCP}
        ]
        if any(_only_admission_missing(decision) for decision in decisions):
            ends = now + timedelta(days=zone.admission_days)
            admitted.append(
                Admission.objects.create(user=user, zone_id=zone.zone_id, granted_at=now, expires_at=ends)
            )
            notify_after_commit("admission.granted", user=user, zone=zone.zone_id)
    facts = (AdmissionFact(row.zone_id, row.expires_at) for row in admitted)
    return admitted, replace(subject, admissions=(*subject.admissions, *facts))


@transaction.atomic
def revoke_admission(*, user: User, zone: ZonePage, by: User, reason: str) -> None:
    """Close a zone for one reader. No step they take opens it again; reopen_admission does."""
    if not reason.strip():
        raise MissingReason
    _check_manager(by, zone.pk, user)
    user = lock_user(user.pk)
    latest = Admission.objects.filter(user=user, zone=zone).order_by("-pk").first()
    if latest is None or latest.revoked_at is not None:
        raise AlreadyDecided
    latest.revoked_at, latest.revoked_by, latest.revoked_reason = timezone.now(), by, reason.strip()[:300]
    latest.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    _record(AuditEvent.Action.ADMISSION_REVOKED, by, user, zone.pk, reason)
    notify_after_commit("admission.revoked", user=user, zone=zone.pk)


@transaction.atomic
def reopen_admission(*, user: User, zone: ZonePage, by: User, reason: str) -> Admission:
    """Undo revoke_admission with a fresh admission; the reader's own steps still have to be complete."""
    if not reason.strip():
        raise MissingReason
    _check_manager(by, zone.pk, user)
    user = lock_user(user.pk)
    latest = Admission.objects.filter(user=user, zone=zone).order_by("-pk").first()
    if latest is None or latest.revoked_at is None:
        raise AlreadyDecided
    now = timezone.now()
    days = ZoneGate.objects.get(pk=zone.pk).admission_days
    _record(AuditEvent.Action.ADMISSION_REOPENED, by, user, zone.pk, reason)
    notify_after_commit("admission.granted", user=user, zone=zone.pk)
    notify_after_commit("admission.reopened", user=user, zone=zone.pk)
    return Admission.objects.create(
        user=user, zone=zone, granted_at=now, expires_at=now + timedelta(days=days)
    )


def _only_admission_missing(decision: Decision) -> bool:
    return decision.next_step is not None and kind_of(decision.next_step).enters


def _check_manager(by: User, zone_id: int, user: User) -> None:
    appointed = by.has_perm("gate.change_zonegate") or has_right(by, zone_id, Right.MANAGE_GATE)
    if not appointed or by.pk == user.pk:
        raise NotYourCase


def _record(action: AuditEvent.Action, by: User, user: User, zone_id: int, reason: str) -> None:
    AuditEvent.record(action, by, user, f"zone:{zone_id}", reason)
