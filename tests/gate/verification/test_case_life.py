"""The life of verification cases as a state machine, against a small model of what must be true.

A few derandomized examples in every run; `--hypothesis-profile=long` plays many more. case_model
holds what is expected, case_acts how it is tried, case_rules what can happen.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from gate.admin.desk.cases import free_for
from gate.decision.policy import decide
from gate.decision.selectors import load_rules, load_subject
from gate.models import CredentialLook, Verification, VerificationEvent, ZoneGate
from gate.people.grants import grant
from gate.people.reviewing import claim_ends, waiting_for
from tests.factories.gate import UserFactory, allow_credentials, gated_zone, permit
from tests.gate.verification.case_acts import APPLICANTS, EVERYBODY, World
from tests.gate.verification.case_model import OPEN
from tests.gate.verification.case_rules import CaseRules

pytestmark = pytest.mark.django_db

ADMISSION_DAYS = 45
SHORT = settings(
    max_examples=20,
    stateful_step_count=32,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SHORT, max_examples=1000, stateful_step_count=80, derandomize=False)
DECISIONS = ("approved", "rejected", "proposed")
# In every run at least: acts that were accepted, and what decisions led to.
PLAYED = {"submit_verification", "claim", "record_look", "show_look", "request_information", *DECISIONS}


class Life(CaseRules):
    """What must be true after each rule."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.history: list[tuple[Any, ...]] = []

    @invariant()
    def events_are_appended_and_tell_what_is(self) -> None:
        fields = ("pk", "verification", "action", "actor", "from_state", "to_state", "detail", "at")
        events = list(VerificationEvent.objects.order_by("pk").values_list(*fields))
        assert events[: len(self.history)] == self.history
        new, self.history = events[len(self.history) :], events
        for event in new:
            self.check_decision(event)
        reached: dict[int, str] = {}
        for _pk, case, _action, _actor, before, after, _detail, _at in events:
            assert before == reached.get(case, "")
            reached[case] = after
        assert reached == dict(Verification.objects.values_list("pk", "state"))

    def check_decision(self, event: tuple[Any, ...]) -> None:
        pk, case_id, action, actor, _before, _after, _detail, at = event
        case = Verification.objects.get(pk=case_id)
        if action in DECISIONS:
            assert actor != case.user_id
            looks = CredentialLook.objects.filter(credential__verification=case, reviewer=actor)
            seen = set(looks.values_list("credential", flat=True))
            files = set(case.credentials.filter(created_at__lte=at).values_list("pk", flat=True))
            assert files == seen or pk in self.unseen_allowed
        if action == "revoked" or (action == "approved" and pk in self.overrides):
            self.check_two_want_it(event, "revocation_proposed" if action == "revoked" else "proposed")

    def check_two_want_it(self, event: tuple[Any, ...], proposal: str) -> None:
        before = [
            row for row in self.history if row[0] < event[0] and row[1] == event[1] and row[2] == proposal
        ]
        assert before, "one reviewer was enough"
        assert before[-1][3] not in (None, event[3]), "the same reviewer twice"
        if proposal == "proposed":
            assert before[-1][6]["decision"] == "approved", "the first reviewer did not want it"

    @invariant()
    def rows_are_as_expected(self) -> None:
        for row in Verification.objects.select_related("user"):
            case = next(case for case, pk in self.rows.items() if pk == row.pk)
            names = {self.user(name).pk: name for name in self.world.people}
            proposal = row.proposal.get("decision") if row.proposal else None
            found = (row.state, names.get(row.proposed_by_id), names.get(row.appealed_from_id), proposal)
            wanted = case.proposal[0] if case.proposal else None
            assert found == (case.state, case.proposed_by, case.appealed_from, wanted)
            if case.state == "in_review":
                assert (names.get(row.reviewer_id), claim_ends(row)) == (case.reviewer, case.held_until)
            if case.state == "approved":
                assert row.expires_at == case.expires_at

    @invariant()
    def one_winner(self) -> None:
        for name in APPLICANTS:
            states = [case.state for case in self.desk.cases if case.applicant == name]
            assert sum(state in OPEN for state in states) <= 1
            assert states.count("approved") <= 1

    @invariant()
    def desk_and_gate_agree(self) -> None:
        """In turn, of one reviewer or applicant after the other: these cost the most."""
        self.steps += 1
        turn = self.steps // 2
        if self.steps % 2:
            self.check_offers(EVERYBODY[turn % len(EVERYBODY)])
        else:
            self.check_gate(APPLICANTS[turn % len(APPLICANTS)])

    def check_offers(self, name: str) -> None:
        """What is offered is free; a case that is held is offered to nobody else."""
        by_pk = {pk: case for case, pk in self.rows.items()}
        offered = {by_pk[row.pk] for row in free_for(self.user(name))}
        assert not [case for case in offered if self.desk.held_by_another(name, case)]
        assert offered == self.desk.offered_to(name)
        if any(case.state == "approved" and case.proposal for case in self.desk.cases):
            waiting = waiting_for(self.user(name)).filter(state="approved")
            assert {by_pk[row.pk] for row in waiting} == self.desk.revocations_for(name)

    def check_gate(self, applicant: str) -> None:
        """It opens when it should, and there is an admission exactly when there should be one."""
        subject = load_subject(self.user(applicant))
        decision = decide(subject, self.world.rules, now=self.desk.now)
        found = (decision.allowed, decision.reason, decision.expires_at)
        assert found == self.desk.outcome(applicant)
        admitted = [fact.expires_at for fact in subject.admissions][-1:]
        assert admitted == [end for name, end in self.desk.admitted.items() if name == applicant]
        assert {fact.zone_id for fact in subject.admissions} <= {self.world.zone.pk}


@pytest.fixture
def world(clock):
    zone = gated_zone("verification")
    gated_zone("agreement", "verification")  # nobody agrees: nobody is ever admitted
    ZoneGate.objects.filter(pk=zone.pk).update(admission_days=ADMISSION_DAYS)
    people = {name: UserFactory() for name in ("reader", "twin", "doctor", "second", "third")}
    people["administrator"] = UserFactory(is_superuser=True)
    people["of the zone"] = permit(UserFactory(), "wagtailadmin.access_admin")
    for right in ("review", "see_credentials"):
        grant(user=people["of the zone"], zone_id=zone.pk, right=right, reason="审核", by=None)
    for name in ("doctor", "second", "third"):
        people[name].groups.add(Group.objects.get(name="认证审核"))
    for name in APPLICANTS:
        allow_credentials(people[name])
    rules = load_rules(now=clock.now, zone_ids=[zone.pk])[zone.pk]
    return World(people, zone, rules, timedelta(days=ADMISSION_DAYS), clock, Counter())


def test_cases_live_as_the_model_says(world, settings):
    settings.XINGLIN_REGISTERS, settings.XINGLIN_SECOND_REVIEW_PERCENT = [], 0
    machine = type("Played", (Life,), {"world": world})
    is_long = SHORT.get_current_profile_name() == "long"
    run_state_machine_as_test(machine, settings=LONG if is_long else SHORT)
    accepted = {name for name, was_accepted in world.done if was_accepted}
    assert accepted >= PLAYED, "the examples no longer reach what the rules are about"
