"""Notifies users and programs of an event, once its transaction has committed.

A service calls notify_after_commit() inside its transaction: the notices (mails to be sent) and the receivers
of gate.notify.signals.gate_changed (webhooks) are written there too, so a rollback notifies no one and a
crash loses nothing. Neither queue nor log carries personal data: rows and tasks hold ids.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django_tasks import task

from gate.models import MailChoice, Notice, User, Verification
from gate.notify.catalogue import TO_READER, TO_STAFF
from gate.notify.events import EVENTS
from gate.notify.send import send_due
from gate.notify.signals import gate_changed


def notify_after_commit(
    event: str, *, case: Verification | None = None, user: User | None = None, **ids: Any
) -> None:
    """Notify of `event` (a name of gate.notify.events.EVENTS). Call it inside the transaction.

    `user` is the user it is about (default: the case's), `ids` are further ids or rows, `reviewer` among
    them the staff user it is for (default: the case's).
    """
    if event not in EVENTS:
        raise ValueError(f"unknown event {event}")
    person_id = user.pk if user is not None else case.user_id if case is not None else None
    reviewer = ids.pop("reviewer", None)
    named = {name: _id_of(value) for name, value in ids.items() if value is not None}
    if case is not None:
        named["case"] = str(case.uuid)
    if person_id is not None:
        named["user"] = str(user.uuid if user is not None else _uuid_of(person_id))
    gate_changed.send(sender=Notice, event=event, ids=named)
    written = False
    if event in TO_READER and person_id is not None:
        written = _write(event, person_id, case, named)
    staff_id = reviewer.pk if isinstance(reviewer, User) else reviewer or (case and case.reviewer_id)
    if event in TO_STAFF and staff_id:
        written = _write(event, staff_id, case, {})
    if written:
        transaction.on_commit(send_notices.enqueue, robust=True)


def notify_of_state(case: Verification) -> None:
    """Notify that the case is now in its state."""
    notify_after_commit(f"verification.{case.state}", case=case)


@task(queue_name="mail")
def send_notices() -> int:
    """Send every mail that is due. Safe to run at any time and by several workers at once."""
    return send_due()


def _write(event: str, user_id: int, case: Verification | None, details: dict[str, str]) -> bool:
    now = timezone.now()
    Notice.objects.create(
        user_id=user_id, event=event, case=case, details=details, created_at=now, due_at=now
    )
    return True


def _id_of(value: Any) -> str:
    """The id of a row outside the system: its uuid, where it has one."""
    if isinstance(value, models.Model):
        return str(getattr(value, "uuid", None) or value.pk)
    return str(value)


def _uuid_of(user_id: int) -> Any:
    return User.objects.values_list("uuid", flat=True).get(pk=user_id)


@transaction.atomic
def choose_mails(*, user: User, optional_mails: bool) -> MailChoice:
    """Switch optional mails on or off; decisions and questions are always sent."""
    choice, _made = MailChoice.objects.update_or_create(
        user=user, defaults={"optional_mails": optional_mails}
    )
    return choice


def wants_optional_mails(user: User) -> bool:
    """True unless the user has switched them off."""
    return not MailChoice.objects.filter(user=user, optional_mails=False).exists()
