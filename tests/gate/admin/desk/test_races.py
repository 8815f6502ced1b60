"""Requests at the same moment, through the views, with real threads and connections."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import transaction
from django.urls import reverse

from gate.decision.access import Access
from gate.errors import GateError
from gate.models import Admission, AuditEvent, Verification
from gate.steps.turns import lock_user
from gate.verification import decisions
from gate.verification.decisions import claim, confirm
from gate.verification.files.credentials import record_look
from gate.verification.replies import appeal, give_information
from tests.factories.gate import (
    UserFactory,
    approve,
    gated_zone,
    looked,
    reviewer,
    steps_of,
    submitted,
    take_steps,
    verification_in,
)
from tests.factories.steps import decide_agreement
from tests.gate.admin.desk.conftest import last_event, look_of
from tests.gate.steps.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def decided(case):
    return list(case.events.filter(action__in=("approved", "rejected")).values_list("action", flat=True))


@pytest.mark.parametrize("acts", [("approve", "reject"), ("approve", "approve"), ("reject", "reject")])
def test_two_decisions_at_once_are_one(sit_down, acts):
    desk, case = sit_down(), submitted()
    desk.post("claim", looked(case, desk.user))
    seen = last_event(case)
    windows = [sit_down(desk.user) for _act in acts]
    answers = at_once(
        *[
            lambda window=window, act=act: getattr(window, act)(case, seen=seen)
            for window, act in zip(windows, acts, strict=True)
        ]
    )
    assert {answer.status_code for answer in answers} == {302}
    (winner,) = decided(case)
    case.refresh_from_db()
    assert case.state == winner


def test_reviewers_who_press_next_at_once_take_different_cases(sit_down):
    cases = [submitted() for _number in range(3)]
    desks = [sit_down() for _case in cases]
    answers = at_once(*[lambda desk=desk: desk.post("next") for desk in desks])
    assert {answer["Location"] for answer in answers} == {
        reverse("gate_desk:case", args=[case.uuid]) for case in cases
    }
    taken = Verification.objects.filter(state="in_review").values_list("reviewer", flat=True)
    assert set(taken) == {desk.user.pk for desk in desks}


def test_two_reviewers_who_reveal_at_once_one_has_the_case_and_the_look(sit_down):
    case, desks = submitted(), [sit_down(), sit_down()]
    at_once(*[lambda desk=desk: desk.reveal(case) for desk in desks])
    case.refresh_from_db()
    (look,) = AuditEvent.objects.filter(action="credential_viewed")
    assert look.actor == case.reviewer


def test_a_look_and_a_decision_that_waits_for_it_both_go_through():
    """All lock the person before the case: otherwise each of two may hold what the other waits for."""
    who, case = reviewer(), submitted()
    claim(case=looked(case, who), reviewer=who)
    begun = threading.Event()

    def decide():
        with transaction.atomic():
            lock_user(case.user_id)
            begun.set()
            time.sleep(0.3)  # the look has begun, and holds whatever it locks first
            decisions.approve(case=case, reviewer=who)

    def look():
        begun.wait(5)
        record_look(credential=case.credentials.get(), case=case, reviewer=who, reason="deciding")

    at_once(decide, look)
    case.refresh_from_db()
    assert case.state == "approved"


def test_one_look_asked_for_twice_at_once_is_shown_once(sit_down):
    desk, case = sit_down(), submitted()
    look = look_of(desk.reveal(case))
    windows = [sit_down(desk.user) for _number in range(4)]
    answers = at_once(*[lambda window=window: window.look(case, look) for window in windows])
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]


def test_approving_while_the_person_withdraws_leaves_nobody_in(sit_down):
    zone, user = gated_zone(), UserFactory()
    take_steps(user, zone, until="verification")
    case, who = submitted(user, zone=zone), reviewer()
    step = steps_of(zone)["agreement"]
    version = step.agreement.versions.get()

    def withdraw():
        decide_agreement(user=user, step=step, version_id=version.pk, decision="withdrawn", surface="test")

    looked(case, who)
    at_once(lambda: decisions.approve(case=case, reviewer=who), withdraw)
    case.refresh_from_db()
    assert (case.state, len(decided(case))) == ("approved", 1)
    decision = Access(user).decide(zone.pk, zone.audience)
    assert (decision.allowed, decision.reason) == (False, "withdrawn")
    assert Admission.objects.filter(user=user).count() <= 1


def test_two_who_confirm_at_once_are_one_decision():
    case, _twin = submitted(licence_number="110110000000777"), submitted(licence_number="110110000000777")
    approve(case=case, reviewer=reviewer())
    people = [reviewer(), reviewer()]
    for who in people:
        looked(case, who)
    tries = [lambda who=who: _try(confirm, case=case, reviewer=who) for who in people]
    assert sorted(at_once(*tries)) == ["already_decided", "done"]
    assert decided(case) == ["approved"]


def test_an_answer_sent_twice_at_once_is_one():
    case = verification_in("needs_answer")
    tries = [lambda: _try(give_information, user=case.user, answer="好的。")] * 2
    assert sorted(at_once(*tries)) == ["already_decided", "done"]
    assert case.messages.filter(kind="answer").count() == 1


def test_an_appeal_and_a_new_request_at_once_leave_one_open_request():
    case = verification_in("rejected")
    at_once(
        lambda: _try(appeal, user=case.user, reason="请复核。"),
        lambda: _try(submitted, case.user),
    )
    open_ones = Verification.objects.filter(user=case.user, state__in=["submitted", "in_review"])
    assert open_ones.count() == 1


def _try(act, *args, **kwargs):
    """What became of it: "done" or the code of the refusal."""
    try:
        act(*args, **kwargs)
    except GateError as refusal:
        return refusal.code
    return "done"
