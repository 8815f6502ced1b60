"""Texts for readers: one sentence for each reason, where the kind of the next step has none of its own."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gate.decision.facts import Decision, Reason, StepRule
from gate.decision.step_kinds import kind_of

REASONS: dict[Reason, str | Promise] = {
    Reason.PUBLIC: _("Everyone may read this."),
    Reason.ANONYMOUS: _("Sign in to read the whole text. The steps take a few minutes, once."),
    Reason.AGREEMENT_REQUIRED: _("Please read the agreement and decide on it."),
    Reason.REFUSED: _("You refused the agreement, so this zone stays closed. You can change your decision."),
    Reason.CONSENT_REQUIRED: _("Please decide on the consent. You may decline it and go on."),
    Reason.PROFILE_REQUIRED: _("Please complete your profile."),
    Reason.SURVEY_REQUIRED: _("Please answer a few questions."),
    Reason.VERIFICATION_REQUIRED: _("Please show that you are a healthcare professional."),
    Reason.PENDING_REVIEW: _(
        "Our staff are reviewing your credentials. You will get a mail with the result."
    ),
    Reason.REJECTED: _("Your verification was not approved. See the reason, correct it and submit again."),
    Reason.ADMITTED: _("You may read this zone."),
    Reason.EXPIRED: _("Your verification has expired. Please submit it again."),
    Reason.WITHDRAWN: _("You withdrew your agreement, so this zone is closed. You can agree again."),
    Reason.REVOKED: _("Your verification was revoked. You can submit a new one."),
    Reason.GRANTED_BY_STAFF: _("Our staff opened this zone for you."),
}
CLOSED_BY_STAFF = _("Our staff closed this zone for you. Please contact us if you think this is a mistake.")


def message(decision: Decision) -> str:
    """The sentence for a decision, in the active language."""
    own = kind_of(decision.next_step).message(decision.reason) if decision.next_step is not None else None
    if own is not None:
        return str(own)
    if decision.reason == Reason.REVOKED and decision.next_step is None:
        return str(CLOSED_BY_STAFF)
    return str(REASONS[decision.reason])


def step_title(step: StepRule) -> str:
    """The title that staff gave, or the usual one of its kind."""
    return step.title or str(kind_of(step).title)
