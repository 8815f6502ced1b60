"""Services for users' own data: export and correction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.characters import clean_line
from gate.errors import InvalidAnswers, TooOften
from gate.models import AuditEvent, User
from gate.privacy.export.archive import archive_of
from gate.steps.turns import lock_user

# An archive costs the decryption of every file; no user needs more in an hour.
EXPORTS_AN_HOUR = 10
NAME_LENGTH = 120


@transaction.atomic
def record_export(*, user: User, by: User, surface: str) -> AuditEvent:
    """Record that a user exports their data; call it before the first byte. Raises TooOften."""
    lock_user(user.pk)
    recent = AuditEvent.objects.filter(
        subject=user,
        actor=by,
        action=AuditEvent.Action.DATA_EXPORTED,
        at__gt=timezone.now() - timedelta(hours=1),
    )
    if recent.count() >= EXPORTS_AN_HOUR:
        raise TooOften
    return AuditEvent.record(AuditEvent.Action.DATA_EXPORTED, by, user, user, surface=surface)


def export_own_data(*, user: User, surface: str) -> Iterator[bytes]:
    """The archive of all that is held about the user, in pieces; on record before it. Raises TooOften."""
    record_export(user=user, by=user, surface=surface)
    return archive_of(user)


@transaction.atomic
def correct_account(*, user: User, display_name: str | None = None, locale: str | None = None) -> User:
    """Change one's own name or language; None leaves it. InvalidAnswers by field.

    The e-mail address is changed where it can be confirmed, the verification by submitting it again.
    """
    user = lock_user(user.pk)
    problems: dict[str, str] = {}
    changed = []
    if display_name is not None:
        name = clean_line(display_name)
        if len(name) > NAME_LENGTH:
            problems["display_name"] = _("Please use at most %(limit)s characters.") % {"limit": NAME_LENGTH}
        elif name != user.display_name:
            user.display_name = name
            changed.append("display_name")
    if locale is not None and locale not in dict(settings.LANGUAGES):
        problems["locale"] = _("Give one of: %(words)s.") % {"words": ", ".join(dict(settings.LANGUAGES))}
    elif locale is not None and locale != user.locale:
        user.locale = locale
        changed.append("locale")
    if problems:
        raise InvalidAnswers(problems)
    if changed:
        user.save(update_fields=changed)
        AuditEvent.record(AuditEvent.Action.DATA_CORRECTED, user, user, user, fields=changed)
    return user
