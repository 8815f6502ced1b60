"""The kind of step that is a verification: submitted for all zones, at an address of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Count, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cms.audiences import Audience
from gate.decision.facts import (
    IMPLIED_VERIFICATION_ID,
    CaseState,
    Reason,
    StepRule,
    Subject,
    ZoneRules,
)
from gate.decision.policy import valid_case
from gate.decision.step_kinds import StepKind
from gate.models import Agreement, User, Verification, VerificationEvent
from gate.verification.status import CaseStatus, case_status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.utils.functional import Promise

SUBMITTED, APPROVED = "submitted", "approved"


class VerificationStep(StepKind):
    """Staff look at a credential and recognise the applicant for a term. `hcp` requires it in every zone."""

    code, template = "verification", "verification"
    title = _("Professional verification")
    body = None
    elsewhere = _("Hand in the verification at %(address)s.")
    elsewhere_here = _("Please use the verification form.")
    has_case = True
    implied_id = IMPLIED_VERIFICATION_ID
    stages: ClassVar[Mapping[str, str | Promise]] = {
        SUBMITTED: _("Verification handed in"),
        APPROVED: _("Verification approved"),
    }

    def asked_at(self, audience: Audience) -> bool:
        """Required only for the audience `hcp`."""
        return audience == Audience.HCP

    implied_at = asked_at

    def shortfall(self, subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
        """The reason that the latest verification leaves open.

        A valid approval outlives a later verification: a renewal that waits or was rejected.
        """
        if valid_case(subject.cases, now) is not None:
            return None
        if not subject.cases:
            return Reason.VERIFICATION_REQUIRED
        match subject.cases[-1].state:
            case CaseState.SUBMITTED | CaseState.IN_REVIEW | CaseState.NEEDS_ANSWER:
                return Reason.PENDING_REVIEW
            case CaseState.REJECTED:
                return Reason.REJECTED
            case CaseState.REVOKED:
                return Reason.REVOKED
            case CaseState.APPROVED | CaseState.EXPIRED:
                return Reason.EXPIRED
            case _:
                return Reason.VERIFICATION_REQUIRED

    def waits(self, subject: Subject, reason: Reason) -> bool:
        """The reviewers are at it, unless they asked the applicant something."""
        return reason == Reason.PENDING_REVIEW and subject.cases[-1].state != CaseState.NEEDS_ANSWER

    def counts_until(self, subject: Subject, now: datetime) -> datetime | None:
        """When the approval runs out; at once where there is none."""
        case = valid_case(subject.cases, now)
        return case.expires_at if case is not None and case.expires_at is not None else now

    def problems(self) -> Mapping[str, str]:
        """No credential is taken without a text that explains what happens to it."""
        if Agreement.objects.filter(kind=Agreement.Kind.SENSITIVE, versions__isnull=False).exists():
            return {}
        return {"kind": _now("Publish the separate consent on sensitive information (credentials) first.")}

    def text_screen(self, agreement_kind: str) -> str | None:
        """Every verification asks for the text on credentials, before its form."""
        return "credential_consent" if agreement_kind == Agreement.Kind.SENSITIVE else None

    def message(self, reason: Reason) -> str | Promise | None:
        """Only a question of the reviewer lets the applicant act while the case is pending."""
        if reason == Reason.PENDING_REVIEW:
            return _("The reviewer of your verification has a question. Please answer it.")
        return None

    def address(self, *, asked: bool) -> str | None:
        """The form, or the answer to a reviewer's question."""
        return "/gate/verification/answer" if asked else "/gate/verification"

    def case(
        self, user: User | AnonymousUser, *, now: datetime, cases: Sequence[Verification] | None = None
    ) -> CaseStatus | None:
        """The user's latest verification."""
        return case_status(user, now=now, cases=cases)

    def counted(self, within: Callable[..., Q]) -> Iterable[tuple[int, str, int]]:
        """Applicants who submitted, and applicants who were approved. Two queries."""
        rows = Verification.objects.filter(within("submitted_at"), zone__isnull=False).order_by()
        handed_in = rows.values_list("zone_id").annotate(people=Count("user_id", distinct=True))
        zone = "verification__zone_id"
        events = VerificationEvent.objects.filter(within("at", zone=zone), action=APPROVED)
        approvals = events.filter(verification__zone__isnull=False).order_by().values_list(zone)
        approved = approvals.annotate(people=Count("verification__user_id", distinct=True))
        yield from ((zone_id, SUBMITTED, people) for zone_id, people in handed_in)
        yield from ((zone_id, APPROVED, people) for zone_id, people in approved)
