"""gate.decision.access: the price of a decision, denial on failure, and the state that screens show."""

from __future__ import annotations

import logging

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.audiences import Audience
from gate.decision import access as access_module
from gate.decision.access import Access, access_of, forget_access
from gate.decision.facts import ENTER_STEP_ID, Decision, Reason
from gate.models import GateStep
from gate.people.grants import Right, current_grants, grant, has_right, revoke_grant
from tests.factories.cms import ZonePageFactory
from tests.factories.gate import (
    UserFactory,
    add_step,
    admitted_reader,
    approve,
    gated_zone,
    reviewer,
    submitted,
    take_steps,
    verification_in,
)

pytestmark = pytest.mark.django_db


def queries(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return len(captured)


class TestPrice:
    def test_it_is_the_same_for_one_zone_and_one_step_as_for_twenty(self):
        zone = gated_zone("agreement")
        reader = admitted_reader(zone)
        one = queries(lambda: Access(reader).decide(zone.pk, "hcp"))
        scope_of_one = queries(lambda: Access(reader).scope())
        state_of_one = queries(lambda: Access(reader).state(zone))
        for _step in range(19):
            add_step(zone, "agreement")
        texts = [step.agreement for step in GateStep.objects.filter(gate_id=zone.pk)]
        for _zone in range(19):
            other = ZonePageFactory(audience="hcp")
            for text in texts:
                add_step(other, "agreement", agreement=text)
        assert GateStep.objects.count() == 20 * 20
        take_steps(UserFactory(), zone, until="verification")
        assert queries(lambda: Access(reader).decide(zone.pk, "hcp")) == one
        assert queries(lambda: Access(reader).scope()) == scope_of_one
        assert queries(lambda: Access(reader).state(zone)) == state_of_one

    def test_it_is_small_and_paid_once(self):
        zone = gated_zone()
        reader = admitted_reader(zone)
        access = Access(reader)
        assert queries(lambda: access.decide(zone.pk, "hcp")) <= 10
        assert queries(lambda: [access.decide(zone.pk, audience) for audience in Audience]) == 0
        assert queries(access.scope) == 0

    def test_public_texts_cost_nothing(self):
        assert queries(lambda: Access(UserFactory.build()).decide(1, "public")) == 0
        assert queries(lambda: Access(AnonymousUser()).decide(1, "hcp")) == 0


class TestFailure:
    def test_an_exception_denies_and_is_logged_without_personal_data(self, monkeypatch, caplog):
        zone = gated_zone("verification")
        reader = admitted_reader(zone)

        def broken(*args, **kwargs):
            raise RuntimeError("database on fire")

        for name in ("decide", "load_rules", "load_subject"):
            with monkeypatch.context() as patched:
                patched.setattr(access_module, name, broken)
                with caplog.at_level(logging.ERROR):
                    assert Access(reader).decide(zone.pk, "hcp") == Decision(
                        False, Reason.VERIFICATION_REQUIRED
                    )
                    assert Access(reader).scope() == (
                        frozenset() if name == "load_rules" else frozenset({f"{zone.pk}:public"})
                    )
        assert "denied" in caplog.text
        assert reader.email not in caplog.text

    @pytest.mark.parametrize("audience", ["hcp", "registered", "nonsense", ""])
    def test_an_unknown_zone_or_audience_is_denied(self, audience, caplog):
        zone = gated_zone("verification")
        reader = admitted_reader(zone)
        assert not Access(reader).decide(zone.pk + 1000, audience).allowed
        assert Access(reader).decide(zone.pk, audience).allowed == (audience in ("hcp", "registered"))
        assert not Access(AnonymousUser()).decide(zone.pk, audience).allowed


class TestScope:
    def test_it_names_what_may_be_read_and_nothing_else(self):
        public, registered, hcp = (
            ZonePageFactory(audience=audience) for audience in ("public", "registered", "hcp")
        )
        reader = UserFactory()
        everyone = {f"{zone.pk}:public" for zone in (public, registered, hcp)}
        assert Access(AnonymousUser()).scope() == everyone
        signed_in = {f"{zone.pk}:registered" for zone in (public, registered, hcp)}
        assert Access(reader).scope() == everyone | signed_in
        approve(case=submitted(reader), reviewer=reviewer())
        assert Access(reader).scope() >= everyone | signed_in | {f"{hcp.pk}:hcp", f"{registered.pk}:hcp"}

    def test_a_superuser_reads_no_more_than_others(self):
        zone = gated_zone("verification")
        boss = UserFactory(is_superuser=True)
        assert Access(boss).decide(zone.pk, "hcp").reason == Reason.VERIFICATION_REQUIRED
        assert f"{zone.pk}:hcp" not in Access(boss).scope()

    def test_a_deactivated_account_is_nobody(self):
        zone = gated_zone("verification")
        reader = admitted_reader(zone)
        reader.is_active = False
        reader.save()
        assert Access(reader).decide(zone.pk, "hcp").reason == Reason.ANONYMOUS

    def test_admitted_elsewhere_is_not_admitted_here(self):
        here, there = gated_zone(), gated_zone()
        reader = admitted_reader(there)
        assert Access(reader).decide(here.pk, "hcp").reason == Reason.AGREEMENT_REQUIRED


class TestGrants:
    def test_a_group_grant_holds_for_its_members(self):
        from django.contrib.auth.models import Group

        zone = gated_zone("verification")
        press = Group.objects.create(name="媒体")
        member = UserFactory()
        row = grant(group=press, zone_id=zone.pk, right=Right.READ, reason="媒体合作", by=None)
        assert not Access(member).decide(zone.pk, "hcp").allowed
        member.groups.add(press)
        assert Access(member).decide(zone.pk, "hcp").reason == Reason.GRANTED_BY_STAFF
        revoke_grant(row, by=None)
        assert not Access(member).decide(zone.pk, "hcp").allowed

    def test_other_rights_do_not_open_texts(self):
        zone = gated_zone("verification")
        who = UserFactory()
        for right in set(Right) - {Right.READ}:
            grant(user=who, zone_id=zone.pk, right=right, reason="工作", by=None)
            assert has_right(who, zone.pk, right)
        assert not Access(who).decide(zone.pk, "hcp").allowed
        assert len(current_grants(who)) == 4

    @pytest.mark.parametrize("wrong", [{"reason": " "}, {"user": None}, {"right": "everything"}])
    def test_a_grant_needs_a_holder_a_known_right_and_a_reason(self, wrong):
        zone = gated_zone("verification")
        given = {
            "user": UserFactory(),
            "zone_id": zone.pk,
            "right": "read_zone",
            "reason": "合作",
            "by": None,
        }
        with pytest.raises(ValueError, match=r".+"):
            grant(**given | wrong)
        assert not current_grants(given["user"])


class TestState:
    def test_it_lists_the_steps_as_done_now_and_todo(self):
        zone = gated_zone()
        reader = UserFactory()
        take_steps(reader, zone, until="profile", consent="skipped")
        state = Access(reader).state(zone)
        assert [step.state for step in state.steps] == ["done", "skipped", "now", "todo", "todo"]
        assert (state.current.kind, state.minutes_left) == ("profile", 6)
        agreement = state.steps[0].agreement
        assert (agreement.number, len(agreement.sha256), state.steps[0].decided) == (1, 64, "agreed")

    def test_an_anonymous_reader_sees_what_awaits_them(self):
        zone = gated_zone()
        state = Access(AnonymousUser()).state(zone)
        assert {step.state for step in state.steps} == {"todo"}
        assert (state.decision.reason, state.current, state.minutes_left) == (Reason.ANONYMOUS, None, 10)

    def test_an_admitted_reader_gets_the_countdown(self):
        zone = gated_zone()
        state = Access(admitted_reader(zone)).state(zone)
        assert (state.countdown_seconds, state.current) == (5, None)
        assert {step.state for step in state.steps} == {"done"}
        assert state.admitted_until == state.decision.expires_at

    def test_entering_is_a_step_when_only_the_admission_is_missing(self):
        from gate.models import Admission

        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        Admission.objects.all().delete()
        state = Access(reader).state(zone)
        assert (state.current.id, state.current.kind) == (ENTER_STEP_ID, "enter")

    def test_an_article_for_fewer_people_asks_for_more(self):
        zone = gated_zone("agreement", audience="registered")
        reader = admitted_reader(zone)
        state = Access(reader).state(zone, audience="hcp")
        assert state.current.kind == "verification"
        assert state.audience == Audience.HCP

    @pytest.mark.parametrize(
        "state", ["draft", "submitted", "in_review", "approved", "rejected", "expired", "revoked"]
    )
    def test_every_state_of_a_request_can_be_shown(self, state):
        zone = gated_zone("verification")
        case = verification_in(state)
        shown = Access(case.user).state(zone)
        assert shown.verification.state == state
        assert shown.message


class TestOncePerRequest:
    def test_one_access_per_request_until_somebody_else_signs_in(self, rf):
        request = rf.get("/")
        request.user = UserFactory()
        first = access_of(request)
        assert access_of(request) is first
        request.user = UserFactory()
        assert access_of(request) is not first

    def test_after_writing_the_facts_are_loaded_again(self, rf):
        zone = gated_zone("agreement", audience="registered")
        request = rf.get("/")
        request.user = UserFactory()
        assert not access_of(request).decide(zone.pk, "registered").allowed
        take_steps(request.user, zone)
        assert not access_of(request).decide(zone.pk, "registered").allowed
        forget_access(request)
        assert access_of(request).decide(zone.pk, "registered").allowed
