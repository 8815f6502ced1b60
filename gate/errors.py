"""Errors of the gate's services, each with a code for programs and a sentence for readers.

`next_step` is what the user should do instead; the API turns these into problems, the site into messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from gate.consent.diff import Comparison
    from gate.decision.facts import StepRule
    from gate.decision.step_kinds import StepKind


class GateError(Exception):
    """Base of all refusals. Nothing was written."""

    code = "gate_error"

    def __init__(self, message: str, *, next_step: StepRule | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class StepOutOfOrder(GateError):
    """The step is not the one that is next."""

    code = "step_out_of_order"

    def __init__(self, next_step: StepRule | None) -> None:
        super().__init__(_("Another step comes first."), next_step=next_step)


class UnknownStep(GateError):
    """The zone has no such step, or not of this kind."""

    code = "unknown_step"

    def __init__(self, next_step: StepRule | None = None) -> None:
        super().__init__(_("This zone has no such step."), next_step=next_step)


class TakenElsewhere(GateError):
    """Steps of this kind have an address of their own."""

    code = "conflict"

    def __init__(self, kind: StepKind) -> None:
        super().__init__(str(kind.elsewhere_here))
        self.kind = kind


class StaleVersion(GateError):
    """The decision names a version that is no longer the current one (`current`: its id).

    `changes` holds the differences, where the decision named a version of the same text.
    """

    code = "stale_version"

    def __init__(
        self, current: int | None, next_step: StepRule | None, *, changes: Comparison | None = None
    ) -> None:
        super().__init__(
            _("The text has changed since you opened it. Please read it again."), next_step=next_step
        )
        self.current = current
        self.changes = changes


class UnknownConsent(GateError):
    """The user has no such consent record."""

    code = "unknown_consent"

    def __init__(self) -> None:
        super().__init__(_("You have made no such decision."))


class UnknownAnswers(GateError):
    """The user has given no such answers."""

    code = "unknown_answers"

    def __init__(self) -> None:
        super().__init__(_("You have given no such answers."))


class ConsentNeeded(GateError):
    """The user has not agreed to the use of their credentials; or there is no text to agree to yet."""

    code = "consent_required"

    def __init__(self, *, published: bool = True) -> None:
        super().__init__(
            _("Before we take a credential, please decide on the consent to its use.")
            if published
            else _("This site takes no credentials yet: its consent to their use has not been published.")
        )
        self.published = published


class AlreadyDecided(GateError):
    """Another request was first, perhaps of the same user in another window."""

    code = "already_decided"

    def __init__(self, message: str | None = None, *, next_step: StepRule | None = None) -> None:
        super().__init__(message or _("This has been decided already."), next_step=next_step)


class UnderReview(AlreadyDecided):
    """The case is with the reviewers: nothing can be submitted until they decide or ask."""

    code = "under_review"

    def __init__(self) -> None:
        super().__init__(_("Your request is already being reviewed."))


class InvalidAnswers(GateError):
    """Some fields are missing or wrong: `fields` maps a field's name to its error."""

    code = "invalid_answers"

    def __init__(self, fields: dict[str, str], *, next_step: StepRule | None = None) -> None:
        super().__init__(_("Please check the marked fields."), next_step=next_step)
        self.fields = fields


class UploadRefused(GateError):
    """The file is refused; nothing of it was stored."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DrawingBusy(GateError):
    """Other files are being decoded just now; the same upload may be sent again in a moment."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(_("Other files are being checked just now. Please send yours again in a moment."))


class NotYourCase(GateError):
    """The reviewer may not act on this case: their own, another reviewer's, or outside their zones."""

    code = "not_your_case"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or _("This case is not yours to decide."))


class LookRequired(GateError):
    """The reviewer has not looked at every file of the case.

    `files`: numbers of those that are missing, empty when the case has none at all.
    """

    code = "look_required"

    def __init__(self, files: Iterable[int]) -> None:
        self.files = tuple(files)
        numbers = ", ".join(str(number) for number in self.files)
        super().__init__(
            _("Look at every file before you decide. Not seen by you yet: credential %(numbers)s.")
            % {"numbers": numbers}
            if self.files
            else _("There is no file to decide on. Ask the applicant for one.")
        )


class MissingReason(GateError):
    """The act needs a reason in words."""

    code = "reason_required"

    def __init__(self) -> None:
        super().__init__(_("Please give a reason."))


class InvalidConsentDecision(GateError):
    """A decision that this kind of step does not offer (`offered`: those it does)."""

    code = "invalid_choice"

    def __init__(self, next_step: StepRule | None = None, *, offered: Iterable[str] = ()) -> None:
        super().__init__(_("This step does not offer that decision."), next_step=next_step)
        self.offered = tuple(offered)


class ErasureRefused(GateError):
    """A staff user asked to be erased: another administrator has to revoke their rights first."""

    code = "staff_account"

    def __init__(self) -> None:
        super().__init__(
            _("Staff accounts cannot be erased. Ask an administrator to take back your rights first.")
        )


class AccountErased(GateError):
    """The account was erased while the request was under way."""

    code = "account_erased"

    def __init__(self) -> None:
        super().__init__(_("This account has been erased."))


class TooOften(GateError):
    """The same costly request was made too many times in a short while."""

    code = "too_often"

    def __init__(self) -> None:
        super().__init__(_("You have done this several times just now. Please try again in an hour."))


class NotPublishable(GateError):
    """A draft that cannot become a version."""

    code = "not_publishable"
