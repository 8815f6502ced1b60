"""What can happen to verification cases: the rules of the state machine of test_case_life."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from gate.verification import replies
from gate.verification.decisions import expire_due
from gate.verification.files.uploads import CleanFile, DecodedFiles
from gate.verification.replies import give_information
from tests.factories.steps import enter
from tests.gate.verification.case_acts import (
    ANSWERS,
    APPLICANTS,
    CLAIM,
    DAY,
    EVERYBODY,
    HOSPITALS,
    REGISTER_PATHS,
    REVIEWERS,
    Acting,
)
from tests.gate.verification.case_model import OPEN, WAITING, CaseModel, Desk

applying = st.sampled_from(APPLICANTS)
mostly = st.sampled_from((True, True, True, False))
seldom = st.sampled_from((False, False, False, True))
answers = st.tuples(*[st.sampled_from(ANSWERS)] * 2)
terms = st.sampled_from((None, None, DAY, timedelta(days=90)))
pauses = st.sampled_from(
    (
        timedelta(minutes=29),
        CLAIM,
        CLAIM,
        DAY,
        DAY,
        timedelta(days=14),
        timedelta(days=31),
        timedelta(days=700),
    )
)


def when(*states: str, proposal: bool = False) -> Any:
    """Only while a case is in one of the states (and a proposal waits): else the rule would be idle."""
    return precondition(
        lambda self: any(
            case.state in states and (case.proposal is not None or not proposal) for case in self.desk.cases
        )
    )


class CaseRules(Acting):
    def choose(self, data: Any, *states: str) -> tuple[CaseModel, str]:
        """Any case and anybody; more often one in the states, and who could do something about it."""
        cases = self.desk.cases
        wanted = [case for case in cases if case.state in states]
        numbers = [cases.index(case) for case in (*cases, *wanted * 5)]
        case = cases[data.draw(st.sampled_from(numbers), label="number of the case")]
        able = [name for name in REVIEWERS if self.desk.reviews(name, case)]
        free = [name for name in able if self.desk.may_act(name, case)]
        mine = [case.reviewer] if case.reviewer else []
        names = [*EVERYBODY, *able, *free * 5, *mine * 5]
        return case, data.draw(st.sampled_from(names), label="reviewer")

    @initialize(
        registers=st.integers(0, 2),
        percent=st.sampled_from((0, 0, 100)),
        waiting=st.sets(applying, min_size=1),
        recognised=st.sets(applying, max_size=2),
    )
    def open_the_desk(self, registers: int, percent: int, waiting: set[str], recognised: set[str]) -> None:
        settings.XINGLIN_REGISTERS = REGISTER_PATHS[:registers]
        settings.XINGLIN_SECOND_REVIEW_PERCENT = percent
        reviewers = {name: name != "of the zone" for name in REVIEWERS}
        self.desk = Desk(reviewers, registers, percent, self.world.admission, self.world.clock.now)
        self.desk.agreed = set(APPLICANTS)
        for applicant in sorted(waiting | recognised):
            self.hand_in(applicant, (f"11011000000000{APPLICANTS.index(applicant)}", HOSPITALS[0]))
        for applicant in sorted(recognised):
            case = self.desk.latest(applicant)
            self.ask_registers(case, ("found", "found"))
            for reviewer in ("second", "third")[: 2 if percent else 1]:
                self.prepare(case, reviewer)
                self.approve_as(reviewer, case)

    @rule(applicant=applying, own=mostly, hospital=st.sampled_from(HOSPITALS), shared=seldom, here=mostly)
    def submit(self, applicant: str, own: bool, hospital: str, shared: bool, here: bool) -> None:
        self.tick()
        number = f"11011000000000{APPLICANTS.index(applicant) if own else 9}"
        self.hand_in(applicant, (number, hospital), shared=shared, here=here)

    @when("needs_answer")
    @rule(applicant=applying, with_file=st.booleans())
    def answer(self, applicant: str, with_file: bool) -> None:
        self.tick()
        case, picture, user = self.desk.latest(applicant), self.picture(), self.user(applicant)
        asked = case is not None and case.state == "needs_answer"
        files = DecodedFiles([CleanFile(picture.encode(), "image/jpeg")] * with_file)
        words = {"user": user, "answer": "见附件。", "files": files}
        if self.attempt("give_information", asked, lambda: give_information(**words)):
            case.pictures += [picture] * with_file
            asked_by = case.reviewer
            case.back_to_queue()
            if self.desk.may_act(asked_by, case):
                case.state, case.reviewer, case.held_until = "in_review", asked_by, self.desk.now + DAY

    @when("rejected")
    @rule(applicant=applying)
    def appeal(self, applicant: str) -> None:
        self.tick()
        case, user = self.desk.latest(applicant), self.user(applicant)
        possible = self.desk.may_appeal(applicant)
        if self.attempt("appeal", possible, lambda: replies.appeal(user=user, reason="请复核。")):
            case.appealed_from, case.decided_at = case.reviewer, None
            case.back_to_queue()

    @precondition(lambda self: any(self.desk.may_enter(applicant) for applicant in APPLICANTS))
    @rule(applicant=applying)
    def enter(self, applicant: str) -> None:
        self.tick()
        user, possible = self.user(applicant), self.desk.may_enter(applicant)
        if self.attempt("enter", possible, lambda: enter(user=user, zone=self.world.zone)):
            self.desk.admit(applicant)

    @rule(data=st.data())
    def claim(self, data: Any) -> None:
        self.tick()
        case, reviewer = self.choose(data, *OPEN)
        self.take(case, reviewer)

    @when("in_review")
    @rule(data=st.data())
    def release(self, data: Any) -> None:
        self.tick()
        case, reviewer = self.choose(data, "in_review")
        possible = self.desk.may_act(reviewer, case) and case.state == "in_review"
        if self.on_case("release", case, possible, reviewer=reviewer):
            case.back_to_queue()

    @when("in_review")
    @rule(data=st.data())
    def look(self, data: Any) -> None:
        self.tick()
        case, reviewer = self.choose(data, "in_review")
        number = data.draw(st.integers(0, len(case.pictures) - 1), label="file")
        self.start_looking(case, reviewer, number)

    @precondition(lambda self: self.looks)
    @rule(data=st.data(), reviewer=st.sampled_from((None, None, None, *EVERYBODY)))
    def follow_a_look(self, data: Any, reviewer: str | None) -> None:
        """Also of an address that was followed before, is too old, or was passed on."""
        self.tick()
        look = data.draw(st.sampled_from(self.looks[-3:]), label="look")
        self.follow(look, reviewer or look.reviewer)

    @rule(data=st.data(), term=terms, prepared=mostly)
    def approve(self, data: Any, term: timedelta | None, prepared: bool) -> None:
        self.tick()
        case, reviewer = self.choose(data, *WAITING)
        self.prepare(case, reviewer, prepared)
        self.approve_as(reviewer, case, self.desk.now + term if term else None)

    @rule(data=st.data(), from_files=mostly, prepared=mostly)
    def reject(self, data: Any, from_files: bool, prepared: bool) -> None:
        self.tick()
        case, reviewer = self.choose(data, *WAITING)
        self.prepare(case, reviewer, prepared)
        possible = self.desk.may_work_on(reviewer, case) and not (from_files and case.unseen_by(reviewer))
        if self.on_case("reject", case, possible, reviewer=reviewer, reason="不清。", from_files=from_files):
            self.decided(reviewer, case, "rejected", None)
            if not from_files:
                self.unseen_allowed.add(self.row(case).events.latest("pk").pk)

    @when(*WAITING, proposal=True)
    @rule(data=st.data(), prepared=mostly)
    def confirm(self, data: Any, prepared: bool) -> None:
        self.tick()
        case, reviewer = self.choose(data, *WAITING)
        self.prepare(case, reviewer, prepared)
        decision, ends = case.proposal or ("", None)
        possible = self.desk.may_work_on(reviewer, case) and not case.unseen_by(reviewer) and bool(decision)
        if decision == "approved":
            possible = self.may_approve(reviewer, case) and (ends is None or ends > self.desk.now)
        if self.on_case("confirm", case, possible, reviewer=reviewer):
            self.decided(reviewer, case, decision, ends)

    @when(*WAITING)
    @rule(data=st.data())
    def ask(self, data: Any) -> None:
        self.tick()
        case, reviewer = self.choose(data, *WAITING)
        possible = self.desk.may_work_on(reviewer, case)
        if self.on_case("request_information", case, possible, reviewer=reviewer, question="？"):
            case.state, case.reviewer, case.asked_at = "needs_answer", reviewer, self.desk.now

    @when(*WAITING)
    @rule(data=st.data(), to=st.sampled_from(EVERYBODY))
    def hand_over(self, data: Any, to: str) -> None:
        self.tick()
        case, reviewer = self.choose(data, *WAITING)
        possible = self.desk.may_work_on(reviewer, case) and self.desk.may_take_over(to, reviewer, case)
        if self.on_case("hand_over", case, possible, reviewer=reviewer, to=to, note="请看。"):
            case.state, case.reviewer, case.held_until = "in_review", to, self.desk.now + DAY

    @when("approved")
    @rule(data=st.data())
    def propose_revocation(self, data: Any) -> None:
        self.tick()
        case, reviewer = self.choose(data, "approved")
        free = case.state == "approved" and case.proposal is None
        possible = free and self.desk.reviews(reviewer, case)
        if self.on_case("propose_revocation", case, possible, reviewer=reviewer, reason="已注销。"):
            case.proposal, case.proposed_by = ("revoked", None), reviewer

    @when("approved", proposal=True)
    @rule(data=st.data(), declined=st.booleans())
    def end_revocation(self, data: Any, declined: bool) -> None:
        """Confirm it, or decline it, which the reviewer who proposed it may do as well."""
        self.tick()
        case, reviewer = self.choose(data, "approved")
        contested = case.state == "approved" and case.proposal is not None
        possible = contested and self.desk.reviews(reviewer, case)
        if declined:
            if self.on_case("decline_revocation", case, possible, reviewer=reviewer):
                case.proposal = None
        elif self.on_case("revoke", case, possible and reviewer != case.proposed_by, reviewer=reviewer):
            case.state, case.proposal = "revoked", None
            self.desk.recognised.pop(case.applicant)

    @when(*OPEN)
    @rule(data=st.data(), answers=answers)
    def registers_answer(self, data: Any, answers: tuple[str, str]) -> None:
        self.tick()
        self.ask_registers(self.choose(data, *OPEN)[0], answers)

    @rule(applicant=applying)
    def withdraw_or_allow_credentials(self, applicant: str) -> None:
        self.tick()
        self.change_credential_consent(applicant)

    @rule(reviewer=st.sampled_from(("second", "third")))
    def dismiss_or_appoint(self, reviewer: str) -> None:
        self.tick()
        group, user = Group.objects.get(name="认证审核"), self.user(reviewer)
        if self.desk.reviewers.pop(reviewer, None):
            user.groups.remove(group)
        else:
            user.groups.add(group)
            self.desk.reviewers[reviewer] = True

    @rule(pause=pauses)
    def wait(self, pause: timedelta) -> None:
        self.tick(pause)

    @when("approved")
    @rule()
    def expire(self) -> None:
        self.tick()
        due = [
            case for case in self.desk.cases if case.state == "approved" and case.expires_at <= self.desk.now
        ]
        assert expire_due() == len(due)
        for case in due:
            case.state, case.proposal = "expired", None
