"""Two acts at the same moment, with real threads and connections: one winner, one row, no deadlock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from gate.consent.agreements import publish_agreement
from gate.consent.decisions import withdraw_consent
from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.errors import AlreadyDecided, GateError, NotYourCase, UnderReview
from gate.models import Admission, ConsentRecord, Notice, Verification, VerificationEvent
from gate.notify.send import send_due
from gate.verification.decisions import approve, claim, reject
from gate.verification.replies import appeal, give_information
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    allow_credentials,
    answers_to,
    application,
    credential,
    gated_zone,
    looked,
    reviewer,
    steps_of,
    submitted,
    take_steps,
    verification_in,
)
from tests.factories.steps import decide_agreement, enter, submit_answers

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PATIENCE = 30  # seconds; a deadlock would be reported by PostgreSQL after one


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; their results, or the GateError that refused them."""
    assert connection.vendor == "postgresql", "a race needs a database with row locks"
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(PATIENCE)
            results[place] = act()
        except GateError as refusal:
            results[place] = refusal
        except Exception as error:  # noqa: BLE001 - a thread hands over whatever happened
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    unexpected = [
        result for result in results if isinstance(result, Exception) and not isinstance(result, GateError)
    ]
    assert not unexpected
    return results


def winners(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, GateError)]


def test_two_submissions_make_one_request(settings):
    settings.XINGLIN_DRAWINGS = 4  # none of the four is turned away before the race
    reader = allow_credentials(UserFactory())
    results = at_once(
        *[
            lambda: submit_verification(user=reader, data=application(), files=[credential()])
            for _number in range(4)
        ]
    )
    assert len(winners(results)) == 1
    assert {type(result) for result in results} == {Verification, UnderReview}
    assert Verification.objects.count() == VerificationEvent.objects.count() == 1
    assert len(list(settings.XINGLIN_CREDENTIALS_ROOT.iterdir())) == 1


@pytest.mark.parametrize("_again", range(3))
def test_approve_and_reject_have_one_winner(_again):
    case, one, two = submitted(), reviewer(), reviewer()
    for who in (one, two):
        looked(case, who)
    results = at_once(
        lambda: approve(case=case, reviewer=one),
        lambda: reject(case=case, reviewer=two, reason="看不清"),
    )
    (winner,) = winners(results)
    case.refresh_from_db()
    assert case.state == winner.state
    assert case.events.exclude(action="submitted").count() == 1
    assert isinstance(next(result for result in results if result is not winner), AlreadyDecided)


def test_a_double_approval_leaves_one_event_and_one_admission():
    zone = gated_zone("verification")
    case, who = submitted(zone=zone), reviewer()
    looked(case, who)
    results = at_once(*[lambda: approve(case=case, reviewer=who) for _number in range(4)])
    assert len(winners(results)) == 1
    assert case.events.filter(action="approved").count() == 1
    assert Admission.objects.filter(user=case.user).count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_approving_while_the_reader_withdraws_never_leaves_the_zone_open(_again):
    zone = gated_zone("agreement", "verification")
    reader = UserFactory()
    take_steps(reader, zone, until="verification")
    case = submitted(reader, zone=zone)
    step, who = steps_of(zone)["agreement"], reviewer()
    looked(case, who)
    results = at_once(
        lambda: approve(case=case, reviewer=who),
        lambda: decide_agreement(
            user=reader, step=step, version_id=None, decision="withdrawn", surface="test"
        ),
    )
    assert len(winners(results)) == 2
    assert Access(reader).decide(zone.pk, "hcp").reason == Reason.WITHDRAWN


def test_two_reviewers_claim_and_one_has_it():
    case, one, two = submitted(), reviewer(), reviewer()
    results = at_once(lambda: claim(case=case, reviewer=one), lambda: claim(case=case, reviewer=two))
    (winner,) = winners(results)
    assert isinstance(next(result for result in results if result is not winner), NotYourCase)
    case.refresh_from_db()
    assert case.reviewer == winner.reviewer
    assert case.events.filter(action="claimed").count() == 1


@pytest.mark.parametrize("second", ["agreed", "refused"])
def test_two_windows_decide_once(second):
    zone = gated_zone("agreement", audience="registered")
    reader = UserFactory()
    step = steps_of(zone)["agreement"]
    version = step.agreement.versions.get().pk

    def decide(choice: str) -> ConsentRecord:
        return decide_agreement(user=reader, step=step, version_id=version, decision=choice, surface="test")

    results = at_once(lambda: decide("agreed"), lambda: decide(second))
    if second == "agreed":
        assert ConsentRecord.objects.count() == 1
        assert len(winners(results)) == 1
    else:
        # Refusing first and agreeing after it is a change of mind; agreeing first leaves refusing too late.
        assert ConsentRecord.objects.filter(decision="agreed").count() == 1
        assert ConsentRecord.objects.last().decision == "agreed"
    assert Access(reader).decide(zone.pk, "registered").reason == Reason.ADMITTED
    assert Admission.objects.count() == 1


def test_two_windows_answer_once():
    zone = gated_zone("profile", audience="registered")
    reader = UserFactory()
    step = steps_of(zone)["profile"]
    version = step.questionnaire.versions.get()
    results = at_once(
        *[
            lambda: submit_answers(user=reader, step=step, version_id=version.pk, answers=answers_to(version))
            for _number in range(3)
        ]
    )
    assert len(winners(results)) == 1
    assert reader.answer_sets.count() == Admission.objects.count() == 1


def test_two_taps_enter_once():
    zone = gated_zone("agreement", audience="registered")
    reader = UserFactory()
    take_steps(reader, zone)
    Admission.objects.all().delete()
    results = at_once(*[lambda: enter(user=reader, zone=zone) for _number in range(3)])
    assert len(winners(results)) == 1
    assert Admission.objects.count() == 1


def test_two_publications_of_one_draft_make_one_version():
    zone = gated_zone("agreement")
    agreement = steps_of(zone)["agreement"].agreement
    agreement.draft_text = "<p>新文本。</p>"
    agreement.save()
    results = at_once(*[lambda: publish_agreement(agreement=agreement, by=None) for _number in range(3)])
    assert len(winners(results)) == 1
    assert list(agreement.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_two_withdrawals_of_one_consent_are_one_record():
    zone = gated_zone("agreement", audience="registered")
    reader = UserFactory()
    take_steps(reader, zone)
    given = ConsentRecord.objects.get()
    results = at_once(
        *[lambda: withdraw_consent(user=reader, consent=given.uuid, surface="test") for _number in range(3)]
    )
    assert len(winners(results)) == 1
    assert list(ConsentRecord.objects.order_by("pk").values_list("decision", flat=True)) == [
        "agreed",
        "withdrawn",
    ]
    assert Access(reader).decide(zone.pk, "registered").reason == Reason.WITHDRAWN


def test_an_appeal_sent_twice_at_once_is_one():
    case = verification_in("rejected")
    results = at_once(*[lambda: appeal(user=case.user, reason="请再看一次。") for _number in range(2)])
    assert len(winners(results)) == 1
    assert case.events.filter(action="appealed").count() == 1
    assert case.messages.filter(kind="appeal").count() == 1


def test_an_answer_and_the_reviewer_who_takes_the_case_back_leave_it_with_the_reviewer():
    case = verification_in("needs_answer")
    asked_by = case.reviewer
    results = at_once(
        lambda: give_information(user=case.user, answer="见附件。"),
        lambda: claim(case=case, reviewer=asked_by),
    )
    case.refresh_from_db()
    assert (case.state, case.reviewer) == ("in_review", asked_by)
    # Taken back first, there is no question any more; answered first, claiming again is harmless.
    assert len(winners(results)) in (1, 2)
    assert case.messages.filter(kind="answer").count() == len(winners(results)) - 1


def test_two_workers_send_each_mail_once(mailoutbox):
    case = verification_in("approved")
    mailoutbox.clear()
    Notice.objects.filter(user=case.user, event="verification.approved").update(
        closed_at=None, due_at=timezone.now()
    )
    Notice.objects.exclude(user=case.user, event="verification.approved").delete()
    sent = at_once(send_due, send_due, send_due)
    assert sorted(sent) == [0, 0, 1]
    assert [mail.to for mail in mailoutbox] == [[case.user.email]]
