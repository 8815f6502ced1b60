"""How the state machine of test_case_life acts: ask the model whether it is possible, try it with the real
service, compare, follow in the model. An example lives in a savepoint that is rolled back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine

from gate.consent.credential_decisions import decide_on_credentials
from gate.decision.facts import ZoneRules
from gate.errors import GateError
from gate.models import Credential, User, Verification
from gate.verification import casework, decisions, revocations
from gate.verification.files.credentials import record_look, show_look
from gate.verification.files.uploads import CleanFile, DecodedFiles
from gate.verification.registers.asking import Application, RegistryResult
from gate.verification.registers.checks import check_registers
from gate.verification.submission import submit_verification
from tests.factories.gate import application, credential_text
from tests.gate.verification.case_model import OPEN, CaseModel, Desk

CASE_WRITERS = (casework, decisions, revocations)
APPLICANTS = ("reader", "twin", "doctor")
REVIEWERS = ("doctor", "second", "third", "of the zone")
EVERYBODY = (*REVIEWERS, "administrator", "reader")
HOSPITALS = ("示例医院", "第二示例医院")
CLAIM, DAY = timedelta(minutes=30), timedelta(days=1)
ANSWERS = ("found", "not_found", "differs", "silent")


@dataclass(eq=False)
class Look:
    """A look that was recorded; `used`: its picture was drawn."""

    pk: int
    case: CaseModel
    reviewer: str
    number: int
    at: datetime
    used: bool = False


@dataclass
class Registers:
    """What the two registers answer next."""

    answers: tuple[str, str] = ("found", "found")


REGISTERS = Registers()


class FirstRegister:
    name, number = "甲", 0

    def check(self, application: Application) -> RegistryResult:
        answer: Any = REGISTERS.answers[self.number]
        if answer == "silent":
            raise ConnectionError
        return RegistryResult(answer, self.name, timezone.now())


class SecondRegister(FirstRegister):
    name, number = "乙", 1


REGISTER_PATHS = [f"{__name__}.FirstRegister", f"{__name__}.SecondRegister"]


@dataclass
class World:
    """What the examples share: accounts by name, the zone, and the clock, which the test controls."""

    people: dict[str, User]
    zone: Any
    rules: ZoneRules
    admission: timedelta
    clock: Any
    done: Counter[tuple[str, bool]]


class Acting(RuleBasedStateMachine):
    """The acts that several rules share. The test sets `world`, and a rule sets `desk` first."""

    world: World
    desk: Desk

    def __init__(self) -> None:
        super().__init__()
        self.sandbox = transaction.atomic()
        self.sandbox.__enter__()
        self.world.clock.now = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
        self.rows: dict[CaseModel, int] = {}
        self.looks: list[Look] = []
        self.overrides: set[int] = set()
        self.unseen_allowed: set[int] = set()
        self.pictures = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.sandbox.__exit__(None, None, None)

    def user(self, name: str) -> User:
        return self.world.people[name]

    def row(self, case: CaseModel) -> Verification:
        return Verification.objects.get(pk=self.rows[case])

    def file(self, case: CaseModel, number: int) -> Credential:
        return list(Credential.objects.filter(verification=self.rows[case]).order_by("pk"))[number]

    def picture(self, *, shared: bool = False) -> str:
        self.pictures += 1
        return "shared" if shared else f"picture {self.pictures}"

    def tick(self, pause: timedelta = timedelta(seconds=1)) -> None:
        self.world.clock.now += pause
        self.desk.now = self.world.clock.now

    def attempt(self, name: str, possible: bool, act: Callable[[], Any]) -> Any:
        """What `act` returns, or None for a refusal, which comes exactly when the model says so."""
        result = refusal = None
        try:
            with transaction.atomic():
                result = act()
        except GateError as error:
            refusal = error
        assert (refusal is None) == possible, f"{name}: {refusal!r}, possible: {possible}"
        self.world.done[name, possible] += 1
        return result

    def on_case(self, name: str, case: CaseModel, possible: bool, **words: Any) -> bool:
        """As attempt() with the writer of that name; reviewers are named by `words`."""
        people = {key: self.user(words[key]) for key in ("reviewer", "to") if key in words}
        write = next(getattr(module, name) for module in CASE_WRITERS if hasattr(module, name))
        return bool(self.attempt(name, possible, lambda: write(case=self.row(case), **words | people)))

    def hand_in(
        self, applicant: str, stated: tuple[str, str], *, shared: bool = False, here: bool = True
    ) -> None:
        picture, approval = self.picture(shared=shared), self.desk.approval(applicant)
        row = self.attempt(
            "submit_verification",
            self.desk.may_submit(applicant, stated),
            lambda: submit_verification(
                user=self.user(applicant),
                data=application(licence_number=stated[0], institution=stated[1]),
                files=DecodedFiles([CleanFile(picture.encode(), "image/jpeg")]),
                zone=self.world.zone if here else None,
            ),
        )
        if row is not None:
            # A change that came in from no zone goes to the reviewers who know the person.
            came_here = here or (approval is not None and approval.here)
            case = CaseModel(applicant, came_here, stated, [picture])
            self.desk.cases.append(case)
            self.rows[case] = row.pk

    def take(self, case: CaseModel, reviewer: str) -> None:
        mine = case.state == "in_review" and case.reviewer == reviewer
        if self.on_case("claim", case, self.desk.may_claim(reviewer, case), reviewer=reviewer) and not mine:
            case.state, case.reviewer, case.held_until = "in_review", reviewer, self.desk.now + CLAIM

    def prepare(self, case: CaseModel, reviewer: str, prepared: bool = True) -> None:
        """What a reviewer usually does first: take the case and look at each file."""
        if prepared:
            self.take(case, reviewer)
            for number in range(len(case.pictures)):
                self.follow(self.start_looking(case, reviewer, number), reviewer)

    def start_looking(self, case: CaseModel, reviewer: str, number: int) -> Look | None:
        """Record a look at the file of that number, from 0."""
        words = {
            "credential": self.file(case, number),
            "case": self.row(case),
            "reviewer": self.user(reviewer),
            "reason": "核对",
        }
        event = self.attempt("record_look", self.desk.may_look(reviewer, case), lambda: record_look(**words))
        if event is None:
            return None
        self.looks.append(Look(event.pk, case, reviewer, number, self.desk.now))
        return self.looks[-1]

    def follow(self, look: Look | None, reviewer: str) -> None:
        """Open the picture of a recorded look."""
        if look is None:
            return
        fresh = not look.used and self.desk.now < look.at + timedelta(minutes=1)
        possible = fresh and reviewer == look.reviewer and self.desk.may_look(reviewer, look.case)
        words = {
            "look": look.pk,
            "credential": self.file(look.case, look.number),
            "case": self.row(look.case),
            "reviewer": self.user(reviewer),
        }
        if self.attempt("show_look", possible, lambda: show_look(**words, draw=bytes)):
            look.used = True
            look.case.looks.add((reviewer, look.number))

    def ask_registers(self, case: CaseModel, answers: tuple[str, str]) -> None:
        """The worker's task: each register answers, fails, or contradicts what it answered before."""
        REGISTERS.answers = answers
        names = ("甲", "乙")[: self.desk.registers]
        assert check_registers.call(self.rows[case]) == (len(names) if case.state in OPEN else 0)
        if case.state in OPEN:
            case.asked = case.asked or bool(names)
            spoken = {
                name: answer for name, answer in zip(names, answers, strict=False) if answer != "silent"
            }
            case.answers |= spoken
            self.world.done[f"registers {sorted(spoken.values())}", True] += 1

    def approve_as(self, reviewer: str, case: CaseModel, ends: datetime | None = None) -> None:
        possible = self.may_approve(reviewer, case)
        if self.on_case("approve", case, possible, reviewer=reviewer, expires_at=ends):
            self.decided(reviewer, case, "approved", ends)

    def may_approve(self, reviewer: str, case: CaseModel) -> bool:
        """The reviewer works on it, has seen it, and no revocation of the applicant's approval waits."""
        if not self.desk.may_work_on(reviewer, case) or case.unseen_by(reviewer):
            return False
        own = [row for row in self.desk.cases if row.applicant == case.applicant]
        contested = any(row.state == "approved" and row.proposal for row in own)
        return not (contested and self.desk.is_final(case, "approved"))

    def decided(self, reviewer: str, case: CaseModel, decision: str, ends: datetime | None) -> None:
        """Follow in the model; remember the event of an approval that went against what is known."""
        if decision == "approved" and self.desk.is_override(case):
            self.overrides.add(self.row(case).events.latest("pk").pk)
        self.desk.decide(reviewer, case, decision, ends)
        self.world.done["proposed" if case.proposal else case.state, True] += 1

    def change_credential_consent(self, applicant: str) -> None:
        """Agree to the use of credentials, or withdraw: then what is undecided goes back, without files."""
        user, given = self.user(applicant), applicant in self.desk.agreed
        version = credential_text().pk
        choice = "withdrawn" if given else "agreed"
        decide_on_credentials(user=user, version_id=version, decision=choice, surface="test")
        if not given:
            self.desk.agreed.add(applicant)
            return
        self.desk.agreed.discard(applicant)
        for case in self.desk.cases:
            if case.applicant == applicant:
                case.files_deleted = True
                if case.state in OPEN:
                    case.back_to_queue()
                    case.state, case.proposal, case.proposed_by = "draft", None, None
