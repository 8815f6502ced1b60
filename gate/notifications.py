"""Mail to the people whose request was decided: queued after the commit, in their own language.

Neither the queue nor the log carries personal data: a message is asked for by the request's number.
"""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from gate.models import Verification

STATUS_PATH = "/gate/verification/"
SUBJECTS: dict[str, str | Promise] = {
    Verification.State.APPROVED: _("Your professional verification was approved"),
    Verification.State.REJECTED: _("Your professional verification needs a correction"),
    Verification.State.REVOKED: _("Your professional verification was revoked"),
}


def notify_after_commit(case: Verification) -> None:
    """Queue the mail about the state that the case has now; a rollback sends nothing."""
    transaction.on_commit(partial(send_decision.enqueue, case.pk, str(case.state)))


@task()
def send_decision(case_id: int, state: str) -> bool:
    """Send the mail unless the case has moved on since. Returns whether it was sent."""
    case = Verification.objects.select_related("user").filter(pk=case_id, state=state).first()
    if case is None or not case.user.is_active:
        return False
    with translation.override(case.user.locale):
        body = render_to_string(
            f"gate/mail/{state}.txt",
            {"case": case, "name": case.user.display_name, "url": settings.XINGLIN_BASE_URL + STATUS_PATH},
        )
        send_mail(str(SUBJECTS[state]), body, None, [case.user.email])
    return True
