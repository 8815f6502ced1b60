"""Links by which users set their password: administrators send one instead of setting a password."""

from __future__ import annotations

import logging
from functools import partial

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from gate.models import AuditEvent, User
from gate.people.signin.allauth_internal import request_password_reset

logger = logging.getLogger(__name__)


def send_password_link(request: HttpRequest, user: User, *, by: User) -> bool:
    """Mail the user a link to set a password; False when too many were sent lately. Leaves an audit row.

    The limit is allauth's own for password resets, counted by address. An inactive account gets none.
    """
    if not user.is_active:
        return False
    if not ratelimit.consume(request, action="reset_password", key=user.email.lower()):
        return False
    request_password_reset(request, user.email, [user], app_settings.PASSWORD_RESET_TOKEN_GENERATOR())
    AuditEvent.record(AuditEvent.Action.PASSWORD_LINK_SENT, by, user, user)
    return True


def follow_address(user: User, *, before: str) -> None:
    """Make the changed address the account's only one, unconfirmed, and mail the old one after the commit.

    Links to set a password that were sent to the old address end with it.
    """
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    with translation.override(user.locale):
        context = {"name": user.display_name, "contact": settings.XINGLIN_CONTROLLER["email"]}
        body = render_to_string("gate/mail/address_changed.txt", context)
        message = EmailMessage(_("The e-mail address of your account was changed"), body, None, [before])
    transaction.on_commit(partial(_send, message, user.pk))


def _send(message: EmailMessage, user_id: int) -> None:
    try:
        message.send()
    except OSError as error:  # of which smtplib's are; their words may quote the address
        logger.warning("address mail not sent", extra={"user_id": user_id, "error": type(error).__name__})
