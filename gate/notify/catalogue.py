"""The catalogue of mails: for each event its recipient, subject, page, and whether users can switch it off.

The text of an event is the template gate/mail/<event, with _ for .>.txt. Mails about an erasure are in
gate.privacy.erasure_mail: they have to leave before the address is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gate.states import CaseState

STATUS_PATH = "/gate/verification/"
ACCOUNT_PATH = "/me/"
# Not an event of the gate: the digest for reviewers about everything that waits for them.
WAITING = "desk.waiting"


@dataclass(frozen=True, slots=True)
class Mail:
    """`path`: the page that the mail links to; "" for pages of the review desk.

    `state`: the mail is no longer needed when the case has left it. `optional`: users can switch it off.
    """

    subject: str | Promise
    path: str = STATUS_PATH
    state: CaseState | None = None
    optional: bool = False


TO_READER: dict[str, Mail] = {
    "verification.submitted": Mail(_("Your request for verification has arrived"), optional=True),
    "verification.approved": Mail(_("Your professional verification was approved"), state=CaseState.APPROVED),
    "verification.rejected": Mail(
        _("Your professional verification needs a correction"), state=CaseState.REJECTED
    ),
    "verification.revoked": Mail(_("Your professional verification was revoked"), state=CaseState.REVOKED),
    "verification.expired": Mail(_("Your professional verification has run out"), state=CaseState.EXPIRED),
    "verification.expiring": Mail(
        _("Your professional verification runs out soon"), state=CaseState.APPROVED
    ),
    "verification.information_requested": Mail(_("A question about your professional verification")),
    "consent.withdrawn": Mail(_("Your withdrawal was recorded"), ACCOUNT_PATH, optional=True),
    "admission.revoked": Mail(_("A zone was closed to you"), ACCOUNT_PATH),
    "admission.reopened": Mail(_("A zone was opened to you again"), ACCOUNT_PATH),
    "grant.given": Mail(_("A zone was opened to you"), ACCOUNT_PATH),
    "grant.revoked": Mail(_("Your access to a zone was taken back"), ACCOUNT_PATH),
    "account.export_ready": Mail(_("Your data is ready"), ACCOUNT_PATH),
    "account.password_changed": Mail(_("Your password was changed"), "/accounts/password/reset/"),
    "account.second_factor_changed": Mail(_("Your second factor was changed"), "/accounts/mfa/"),
    "account.rights_changed": Mail(_("Your rights were changed"), ACCOUNT_PATH),
}
TO_STAFF: dict[str, Mail] = {
    WAITING: Mail(_("Verifications wait for review"), "", optional=True),
    "verification.information_given": Mail(_("A reader answered your question"), ""),
    "verification.handed_over": Mail(_("A verification was handed over to you"), ""),
}


def template_of(event: str) -> str:
    """The path of the event's text."""
    return f"gate/mail/{event.replace('.', '_')}.txt"
