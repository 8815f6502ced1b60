"""The names of the gate's events. They are part of the webhooks' contract: added, never renamed."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "verification.submitted": _("A verification was handed in"),
    "verification.claimed": _("A reviewer took a verification"),
    "verification.approved": _("A verification was approved"),
    "verification.rejected": _("A verification was sent back"),
    "verification.revoked": _("A verification was revoked"),
    "verification.expired": _("A verification ran out"),
    "verification.expiring": _("A verification runs out soon"),
    "verification.information_requested": _("A reviewer asked for more information"),
    "verification.information_given": _("The applicant gave more information"),
    "verification.appealed": _("An applicant asked for another review"),
    "verification.handed_over": _("A verification was handed over"),
    "consent.agreed": _("An agreement was agreed to"),
    "consent.refused": _("An agreement was refused"),
    "consent.skipped": _("An informed consent was skipped"),
    "consent.withdrawn": _("An agreement was withdrawn"),
    "admission.granted": _("A zone was opened to a reader"),
    "admission.revoked": _("A zone was closed to a reader"),
    "admission.reopened": _("A zone that was closed to a reader was opened again"),
    "grant.given": _("Staff let a reader read a zone"),
    "grant.revoked": _("Staff took a reader's access to a zone back"),
    "account.export_ready": _("A user's data is ready for them"),
    "account.password_changed": _("The password of an account was changed"),
    "account.second_factor_changed": _("The second factor of an account was changed"),
    "account.rights_changed": _("The rights of an account were changed"),
    "account.erasure_requested": _("A user asked for erasure"),
    "account.erasure_cancelled": _("A user cancelled the erasure"),
    "account.erased": _("An account was erased"),
}
