"""The readers who took each step of each gate: distinct users, from the records of each zone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from gate.admin.desk.figures import Scope
from gate.admin.desk.funnel import funnels, labels
from gate.decision.facts import ConsentDecision
from gate.models import Admission, ConsentRecord
from tests.factories.gate import (
    UserFactory,
    add_step,
    admitted_reader,
    agreement_version,
    approve,
    gated_zone,
    reject,
    reviewer,
    steps_of,
    submitted,
    take_steps,
)
from tests.factories.steps import decide_agreement
from tests.gate.admin.desk.records import decided

pytestmark = pytest.mark.django_db

WEEK = Scope(None, 7)


def stages(zone, scope=WEEK):
    """stage → people, in the order shown."""
    with translation.override("en"):
        names = {str(label): str(stage) for stage, label in labels().items()}
        (funnel,) = funnels(scope, [zone])
        return {names[label]: number for label, number in funnel.stages}


def test_counts_the_people_who_took_each_step():
    zone = gated_zone()
    admitted_reader(zone)
    take_steps(UserFactory(), zone, until="verification")
    take_steps(UserFactory(), zone, until="profile")
    take_steps(UserFactory(), zone, until="consent")
    half = UserFactory()
    take_steps(half, zone, until="verification")
    submitted(half, zone=zone)
    assert stages(zone) == {
        "agreement": 5,
        "consent": 4,
        "profile": 3,
        "survey": 3,
        "submitted": 2,
        "approved": 1,
        "admitted": 1,
    }


def test_somebody_who_takes_a_step_twice_is_one_person():
    zone = gated_zone("verification")
    user = UserFactory()
    first = reject(case=submitted(user, zone=zone), reviewer=reviewer(), reason="照片不清晰。")
    assert first.state == "rejected"
    again = submitted(user, zone=zone)
    approve(case=again, reviewer=reviewer())
    Admission.objects.create(
        user=user, zone=zone, granted_at=timezone.now(), expires_at=timezone.now() + timedelta(days=1)
    )
    assert stages(zone) == {"submitted": 1, "approved": 1, "admitted": 1}


def test_refusing_or_withdrawing_is_not_agreeing_but_declining_decides_a_consent():
    zone = gated_zone("agreement", "consent", audience="registered")
    rule = steps_of(zone)["agreement"]
    version = rule.agreement.versions.get()
    decide_agreement(
        user=UserFactory(), step=rule.pk, version_id=version.pk, decision="refused", surface="test"
    )
    take_steps(UserFactory(), zone, consent=ConsentDecision.SKIPPED)
    assert stages(zone) == {"agreement": 1, "consent": 1, "admitted": 1}


def test_withdrawing_alone_counts_for_nothing():
    zone = gated_zone("agreement", "consent", audience="registered")
    for step in steps_of(zone).values():
        ConsentRecord.objects.create(
            user=UserFactory(),
            zone=zone,
            version=step.agreement.versions.get(),
            decision="withdrawn",
            decided_at=timezone.now(),
            surface="test",
            locale="zh-hans",
        )
    assert set(stages(zone).values()) == {0}


def test_separate_consents_are_one_step_whatever_their_kind():
    zone = gated_zone("agreement", audience="registered")
    user = UserFactory()
    for kind in ("sharing", "cross_border"):
        text = agreement_version(kind)
        add_step(zone, "separate_consent", agreement=text.agreement)
        ConsentRecord.objects.create(
            user=user,
            zone=zone,
            version=text,
            decision="skipped",
            decided_at=timezone.now(),
            surface="test",
            locale="zh-hans",
        )
    assert stages(zone) == {"agreement": 0, "separate_consent": 1, "admitted": 0}


def test_follows_the_zone_s_own_order_and_ends_with_the_admission():
    zone = gated_zone("survey", "verification", "agreement")
    assert list(stages(zone)) == ["survey", "submitted", "approved", "agreement", "admitted"]


def test_shows_no_step_that_the_zone_does_not_ask_for():
    assert list(stages(gated_zone("agreement", audience="registered"))) == ["agreement", "admitted"]


def test_shows_the_verification_that_an_hcp_zone_implies():
    assert list(stages(gated_zone("agreement"))) == ["agreement", "submitted", "approved", "admitted"]


def test_shows_a_step_that_is_no_longer_asked_for_while_it_has_records():
    zone = gated_zone("agreement", "profile", audience="registered")
    admitted_reader(zone)
    steps_of(zone)["profile"].delete()
    assert stages(zone) == {"agreement": 1, "profile": 1, "admitted": 1}


def test_records_of_another_zone_or_time_are_not_counted():
    one, other = gated_zone(), gated_zone()
    admitted_reader(one)
    assert set(stages(other).values()) == {0}
    later = Scope(None, 7, today=timezone.localdate() + timedelta(days=8))
    assert set(stages(one, later).values()) == {0}
    assert set(stages(one, Scope(frozenset([other.pk]), 7)).values()) == {0}


def test_a_request_that_came_in_without_a_zone_belongs_to_none():
    zone = gated_zone("verification")
    decided("approved", UserFactory())
    (funnel,) = funnels(WEEK, [zone])
    assert funnel.is_empty


def test_costs_the_same_for_one_zone_and_for_several(django_assert_num_queries):
    zones = [gated_zone("agreement", "verification") for _ in range(4)]
    for zone in zones:
        decided("approved", UserFactory(), zone=zone)
    for number in (1, 4):
        with django_assert_num_queries(6):
            assert len(funnels(WEEK, zones[:number])) == number
