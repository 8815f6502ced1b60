"""A recognised user applies to be recognised with another name, institution or title."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.errors import AlreadyDecided, InvalidAnswers
from gate.models import Verification
from gate.notify.notifications import send_notices
from gate.verification.casework import request_information
from gate.verification.decisions import claim, expire_due
from gate.verification.replies import give_information
from gate.verification.status import case_status
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    allow_credentials,
    application,
    approve,
    card_of,
    credential,
    gated_zone,
    reject,
    reviewer,
    revoke,
    verification_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return gated_zone("agreement", "verification")


@pytest.fixture
def reader(zone):
    return admitted_reader(zone)


def ask(reader, *, files=True, zone=None, **changes):
    """The form as it was approved, but for `changes`."""
    current = reader.verifications.get(state="approved")
    names = ("full_name", "profession", "licence_number", "institution", "department", "professional_title")
    data = {name: getattr(current, name) for name in names} | changes
    pictures = [credential(data=card_of(reader))] if files else []
    return submit_verification(user=reader, data=data, files=pictures, zone=zone)


def decision(reader, zone):
    return Access(reader).decide(zone.pk, "hcp")


def status(reader):
    return case_status(reader, now=timezone.now())


@pytest.mark.parametrize(
    "changes",
    [{"institution": "第二示例医院"}, {"full_name": "林一一"}, {"professional_title": "副主任医师"}],
)
def test_a_change_is_taken_at_any_time_and_the_old_one_stands_meanwhile(reader, zone, changes):
    old = reader.verifications.get()
    before = decision(reader, zone)
    change = ask(reader, **changes)
    assert (change.replaces, change.is_change, change.zone_id) == (old, True, zone.pk)
    assert decision(reader, zone) == before
    boss = reviewer()
    claim(case=change, reviewer=boss)
    assert decision(reader, zone) == before
    request_information(case=change, reviewer=boss, question="哪一天调入的？")
    assert decision(reader, zone) == before
    give_information(user=reader, answer="三月一日", files=[])
    assert decision(reader, zone) == before
    shown = status(reader)
    assert (shown.uuid, shown.standing.uuid) == (change.uuid, old.uuid)
    assert shown.standing.stated["institution"] == old.institution


def test_a_rejected_change_leaves_the_old_one(reader, zone):
    old, before = reader.verifications.get(), decision(reader, zone)
    change = ask(reader, institution="第二示例医院")
    reject(case=change, reviewer=reviewer(), reason="请补调动证明。")
    assert decision(reader, zone) == before
    assert status(reader).standing.uuid == old.uuid
    again = ask(reader, institution="第三示例医院")
    assert (again.previous, again.replaces) == (change, old)
    assert decision(reader, zone) == before


def test_an_approved_change_replaces_it_with_its_own_end(reader, zone):
    old = reader.verifications.get()
    change = ask(reader, institution="第二示例医院")
    ends = timezone.now() + timedelta(days=40)
    approve(case=change, reviewer=reviewer(), expires_at=ends)
    old.refresh_from_db()
    assert (old.state, old.events.latest("pk").action) == ("expired", "superseded")
    now = decision(reader, zone)
    assert (now.reason, now.expires_at) == (Reason.ADMITTED, ends)
    assert (status(reader).in_force.uuid, status(reader).standing) == (change.uuid, None)


def test_when_the_old_one_runs_out_the_change_is_what_is_waited_for(reader, zone):
    ask(reader, institution="第二示例医院")
    Verification.objects.filter(state="approved").update(expires_at=timezone.now() - timedelta(days=1))
    assert decision(reader, zone).reason == Reason.PENDING_REVIEW
    expire_due()
    send_notices.call()
    assert decision(reader, zone).reason == Reason.PENDING_REVIEW
    assert status(reader).standing is None


def test_revoking_the_old_one_closes_though_a_change_waits(reader, zone):
    old = reader.verifications.get()
    change = ask(reader, institution="第二示例医院")
    revoke(case=old)
    assert not decision(reader, zone).allowed
    assert status(reader).standing is None
    change.refresh_from_db()
    assert change.state == "submitted"


def test_the_same_again_is_no_change_until_the_term_ends_soon(reader):
    with pytest.raises(AlreadyDecided):
        ask(reader)
    reader.verifications.update(expires_at=timezone.now() + timedelta(days=30))
    renewal = ask(reader)
    assert renewal.replaces_id is not None
    assert not renewal.is_change


def test_a_change_brings_its_own_proof_and_waits_alone(reader):
    with pytest.raises(InvalidAnswers) as refusal:
        ask(reader, files=False, institution="第二示例医院")
    assert set(refusal.value.fields) == {"credentials"}
    ask(reader, institution="第二示例医院")
    with pytest.raises(AlreadyDecided):
        ask(reader, institution="第三示例医院")
    assert reader.verifications.count() == 2


def test_a_first_request_replaces_nothing():
    case = verification_in("submitted")
    assert (case.replaces, case.is_change) == (None, False)
    again = verification_in("rejected").user
    data = application(licence_number="110110000000099")
    assert (
        submit_verification(user=again, data=data, files=[credential(data=card_of(again))]).replaces is None
    )


def test_the_mails_say_that_the_old_one_stands(reader, django_capture_on_commit_callbacks):
    until = reader.verifications.get().expires_at
    with django_capture_on_commit_callbacks(execute=True):
        change = ask(reader, institution="第二示例医院")
    with django_capture_on_commit_callbacks(execute=True):
        reject(case=change, reviewer=reviewer(), reason="请补调动证明。")
    year = f"{timezone.localtime(until):%Y}"
    bodies = [message.body for message in mail.outbox if message.to == [reader.email]]
    assert len(bodies) >= 2
    assert all(year in body for body in bodies[-2:])


def test_mails_of_a_first_request_speak_of_no_other(django_capture_on_commit_callbacks):
    user = allow_credentials(UserFactory())
    with django_capture_on_commit_callbacks(execute=True):
        submit_verification(user=user, data=application(), files=[credential()])
    year = f"{timezone.localtime():%Y}"
    assert all(year not in message.body for message in mail.outbox if message.to == [user.email])
