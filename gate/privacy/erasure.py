"""Erases accounts: requested, cancelled by signing in again, carried out when the grace period is over.

From the request on everything is closed: sessions and tokens end, and the policy denies. What stays, and
why, is declared in gate.privacy.holdings.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from gate.errors import ErasureRefused
from gate.models import OPEN_STATES, AuditEvent, Credential, User, Verification, VerificationEvent
from gate.notify.notifications import notify_after_commit
from gate.people.grants import is_appointed
from gate.people.signin.lock import attempts_of
from gate.privacy.erasure_mail import mail_after_commit, send_last_mail
from gate.privacy.holdings import Act, holdings
from gate.verification.files import vault

logger = logging.getLogger(__name__)
ENDED = Verification.State.EXPIRED
# What is neither decided nor over when its user is erased.
UNFINISHED = frozenset({*OPEN_STATES, Verification.State.DRAFT, Verification.State.APPROVED})


@transaction.atomic
def request_erasure(*, user: User, surface: str) -> datetime:
    """Close the account and schedule its erasure after XINGLIN_ERASURE_GRACE_DAYS; returns when.

    Requesting it again changes nothing. ErasureRefused for staff, whose rights have to be revoked first.
    """
    user = _locked(user.pk)
    if user.erasure_due_at is not None:
        return user.erasure_due_at
    if is_appointed(user):
        raise ErasureRefused
    now = timezone.now()
    due = now + timedelta(days=settings.XINGLIN_ERASURE_GRACE_DAYS)
    user.erasure_requested_at, user.erasure_due_at = now, due
    user.save(update_fields=["erasure_requested_at", "erasure_due_at"])
    Token.objects.filter(user=user).delete()
    AuditEvent.record(
        AuditEvent.Action.ERASURE_REQUESTED, user, user, user, due=due.isoformat(), surface=surface
    )
    notify_after_commit("account.erasure_requested", user=user)
    mail_after_commit(user, "requested")
    return due


@transaction.atomic
def cancel_erasure(*, user: User, by: User) -> bool:
    """Open the account again, with everything it had. False when nothing was to be cancelled."""
    user = _locked(user.pk)
    if user.erasure_due_at is None or user.erased_at is not None:
        return False
    user.erasure_due_at = None
    user.save(update_fields=["erasure_due_at"])
    AuditEvent.record(AuditEvent.Action.ERASURE_CANCELLED, by, user, user)
    notify_after_commit("account.erasure_cancelled", user=user)
    mail_after_commit(user, "cancelled")
    return True


def due_for_erasure(*, now: datetime | None = None) -> list[int]:
    """Ids of the accounts whose grace period is over."""
    due = User.objects.filter(erasure_due_at__lte=now or timezone.now(), erased_at=None)
    return list(due.order_by("erasure_due_at").values_list("pk", flat=True))


def erase_due() -> int:
    """Erase every account that is due, each in a transaction of its own. Returns the number.

    One account that fails (logged by its id) delays no other; the next run retries it.
    """
    erased = set()
    for user_id in due_for_erasure():
        try:
            if erase(user_id=user_id):
                erased.add(user_id)
        except Exception:
            logger.exception("erasure failed", extra={"user_id": user_id})
    _forget_sessions(erased)
    return len(erased)


@transaction.atomic
def erase(*, user_id: int) -> bool:
    """Carry out one due erasure; False when it was cancelled, or done, meanwhile."""
    user = _locked(user_id)
    now = timezone.now()
    if user.erased_at is not None or user.erasure_due_at is None or user.erasure_due_at > now:
        return False
    # The last mail needs the address, and leaves only when the erasure is certain.
    send_last_mail(user)
    _end_requests(user, now)
    for row in Credential.objects.filter(verification__user=user, deleted_at=None):
        vault.discard(row)
    _carry_out_table(user)
    _forget_what_has_no_key(user)
    _become_pseudonym(user, now)
    AuditEvent.record(AuditEvent.Action.ACCOUNT_ERASED, None, user, user)
    notify_after_commit("account.erased", user=user)
    return True


def _locked(user_id: int) -> User:
    """Like turns.lock_user, but an erased account is found too."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def _end_requests(user: User, now: datetime) -> None:
    unfinished = Verification.objects.filter(user=user, state__in=UNFINISHED)
    for case in unfinished.select_for_update().order_by("pk"):
        before, case.state = case.state, ENDED
        case.save(update_fields=["state"])
        VerificationEvent.objects.create(
            verification=case, actor=None, from_state=before, to_state=ENDED, action="erased", at=now
        )


def _carry_out_table(user: User) -> None:
    for holding in holdings():
        rows = holding.rows(user.pk)
        match holding.act:
            case Act.DELETE:
                for row in rows:
                    _delete_files(row)
                rows.delete()
            case Act.CLEAR:
                rows.update(**holding.clears)
            case Act.UNLINK:
                rows.update(**{holding.path: None})


def _delete_files(row: Any) -> None:
    """Deleting a row leaves its file (an avatar) behind."""
    for field in row._meta.get_fields():
        if getattr(field, "upload_to", None) and getattr(row, field.name):
            file = getattr(row, field.name)
            transaction.on_commit(partial(file.storage.delete, file.name))


def _forget_what_has_no_key(user: User) -> None:
    """Delete rows that refer to the user by address or by number in a text."""
    attempts_of(user).delete()
    about = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    about.update(label=pseudonym(user), data={})


def pseudonym(user: User) -> str:
    """The value that replaces the name."""
    return f"erased-{user.uuid}"


def _become_pseudonym(user: User, now: datetime) -> None:
    """Reduce the account to what evidence refers to: a number, the days of joining and leaving."""
    user.email = f"{pseudonym(user)}@erased.invalid"
    user.display_name = ""
    user.locale = settings.LANGUAGE_CODE
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.erased_at = now
    user.save()


def _forget_sessions(user_ids: set[int]) -> None:
    """Sessions name their user inside a signed text, so all current ones are searched, once a run."""
    if not user_ids:
        return
    wanted = {str(user_id) for user_id in user_ids}
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") in wanted:
            session.delete()


def keep_account(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Receiver of user_logged_in: signing in within the grace period cancels the erasure."""
    if not user.is_closing or not cancel_erasure(user=user, by=user):
        return
    user.erasure_due_at = None
    if request is not None and hasattr(request, "_messages"):
        messages.success(
            request, _("Welcome back. Your account stays, with everything in it; nothing is erased.")
        )
