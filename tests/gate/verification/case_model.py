"""What must become of verification cases, written apart from the product: test_case_life compares the two.

Reviewers and applicants are names. Times are given; nothing here reads a clock or the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WAITING = ("submitted", "in_review")
OPEN = (*WAITING, "needs_answer")
AGAINST = ("not_found", "differs")
USUAL_TERM = timedelta(days=730)


@dataclass(eq=False)
class CaseModel:
    """One case. `answers`: the last answer of each register that could be asked; `asked`: whether any was
    tried. `pictures`: one mark for each file, equal for equal files. `looks`: (reviewer, number of the file).
    """

    applicant: str
    here: bool
    stated: tuple[str, str]
    pictures: list[str]
    state: str = "submitted"
    reviewer: str | None = None
    held_until: datetime | None = None
    asked_at: datetime | None = None
    proposal: tuple[str, datetime | None] | None = None
    proposed_by: str | None = None
    appealed_from: str | None = None
    decided_at: datetime | None = None
    expires_at: datetime | None = None
    asked: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    looks: set[tuple[str, int]] = field(default_factory=set)
    files_deleted: bool = False

    @property
    def number(self) -> str:
        return self.stated[0]

    def back_to_queue(self) -> None:
        self.state, self.reviewer, self.held_until = "submitted", None, None

    def unseen_by(self, reviewer: str) -> bool:
        return any((reviewer, number) not in self.looks for number in range(len(self.pictures)))


@dataclass(eq=False)
class Desk:
    """All cases and people. `reviewers`: name → whether they review every zone (else one zone alone)."""

    reviewers: dict[str, bool]
    registers: int
    percent: int
    admission: timedelta
    now: datetime
    cases: list[CaseModel] = field(default_factory=list)
    agreed: set[str] = field(default_factory=set)
    recognised: dict[str, CaseModel] = field(default_factory=dict)
    admitted: dict[str, datetime] = field(default_factory=dict)

    def latest(self, applicant: str) -> CaseModel | None:
        return next((case for case in reversed(self.cases) if case.applicant == applicant), None)

    def approval(self, applicant: str) -> CaseModel | None:
        """The approval that counts now."""
        case = self.recognised.get(applicant)
        return case if case is not None and case.expires_at and case.expires_at > self.now else None

    # Who may do what

    def reviews(self, reviewer: str, case: CaseModel) -> bool:
        if reviewer == case.applicant or reviewer not in self.reviewers:
            return False
        return self.reviewers[reviewer] or case.here

    def held_by_another(self, reviewer: str, case: CaseModel) -> bool:
        held = case.state == "in_review" and case.held_until is not None and case.held_until > self.now
        return held and case.reviewer != reviewer

    def may_act(self, reviewer: str, case: CaseModel) -> bool:
        decided_before = reviewer in (case.proposed_by, case.appealed_from)
        free = not self.held_by_another(reviewer, case)
        return self.reviews(reviewer, case) and free and not decided_before

    def may_work_on(self, reviewer: str, case: CaseModel) -> bool:
        return self.may_act(reviewer, case) and case.state in WAITING

    def may_claim(self, reviewer: str, case: CaseModel) -> bool:
        if case.state == "needs_answer" and case.asked_at is not None:
            waited = self.now >= case.asked_at + timedelta(days=14)
            return self.may_act(reviewer, case) and (waited or reviewer == case.reviewer)
        return self.may_work_on(reviewer, case)

    def may_look(self, reviewer: str, case: CaseModel) -> bool:
        mine = case.state == "in_review" and case.reviewer == reviewer
        return mine and self.reviews(reviewer, case) and not case.files_deleted

    def may_take_over(self, colleague: str, reviewer: str, case: CaseModel) -> bool:
        concerned = (reviewer, case.proposed_by, case.appealed_from)
        return self.reviews(colleague, case) and colleague not in concerned

    def may_submit(self, applicant: str, stated: tuple[str, str]) -> bool:
        latest, approval = self.latest(applicant), self.approval(applicant)
        if applicant not in self.agreed or (latest is not None and latest.state in OPEN):
            return False
        if approval is None or approval.expires_at is None or approval.stated != stated:
            return True
        return approval.expires_at <= self.now + timedelta(days=60)

    def may_appeal(self, applicant: str) -> bool:
        case = self.latest(applicant)
        if case is None or case.state != "rejected" or case.decided_at is None:
            return False
        return case.appealed_from is None and self.now < case.decided_at + timedelta(days=30)

    def may_enter(self, applicant: str) -> bool:
        return self.approval(applicant) is not None and not self.is_admitted(applicant)

    def is_admitted(self, applicant: str) -> bool:
        return applicant in self.admitted and self.admitted[applicant] > self.now

    def offered_to(self, reviewer: str) -> set[CaseModel]:
        """The undecided cases that this reviewer may take up now."""
        return {case for case in self.cases if self.may_work_on(reviewer, case)}

    def revocations_for(self, reviewer: str) -> set[CaseModel]:
        return {
            case
            for case in self.cases
            if self.reviews(reviewer, case)
            and case.state == "approved"
            and case.proposal is not None
            and case.proposed_by != reviewer
        }

    # What a decision takes

    def is_override(self, case: CaseModel) -> bool:
        """Whether approving goes against what is known, or comes before the registers answered."""
        others = [row for row in self.cases if row.applicant != case.applicant and row.state != "draft"]
        used = any(row.number == case.number or set(row.pictures) & set(case.pictures) for row in others)
        denied = any(answer in AGAINST for answer in case.answers.values())
        return used or denied or bool(self.registers and not case.asked)

    def is_sampled(self, case: CaseModel) -> bool:
        return self.percent == 100 and case.appealed_from is None

    def is_final(self, case: CaseModel, decision: str) -> bool:
        """Whether this decision, of a reviewer who did not make the proposal, ends the case."""
        override = decision == "approved" and self.is_override(case)
        if not override and not self.is_sampled(case):
            return True
        if case.proposal is None:
            return False
        return case.proposal[0] == decision or not override

    # What happens

    def decide(self, reviewer: str, case: CaseModel, decision: str, ends: datetime | None = None) -> None:
        """A proposal, a rejection or an approval until `ends` (or for the usual term)."""
        if not self.is_final(case, decision):
            case.back_to_queue()
            case.proposal, case.proposed_by = (decision, ends), reviewer
            return
        case.state, case.reviewer, case.decided_at, case.proposal = decision, reviewer, self.now, None
        case.held_until = None
        if decision == "approved":
            for row in self.cases:
                if row.applicant == case.applicant and row is not case and row.state == "approved":
                    row.state = "expired"
            case.expires_at = ends or self.now + USUAL_TERM
            self.recognised[case.applicant] = case
            self.admit(case.applicant)

    def admit(self, applicant: str) -> None:
        if not self.is_admitted(applicant):
            self.admitted[applicant] = self.now + self.admission

    def outcome(self, applicant: str) -> tuple[bool, str, datetime | None]:
        """Whether the zone opens, why (not), and until when."""
        approval, latest = self.approval(applicant), self.latest(applicant)
        if approval is not None and approval.expires_at is not None:
            if self.is_admitted(applicant):
                return True, "admitted", min(self.admitted[applicant], approval.expires_at)
            return False, "expired", None
        if latest is None or latest.state == "draft":
            return False, "verification_required", None
        if latest.state in OPEN:
            return False, "pending_review", None
        return False, "expired" if latest.state == "approved" else latest.state, None
