"""Taking an approval back: one reviewer proposes with a reason, another confirms, every zone closes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.errors import AlreadyDecided, MissingReason, NotYourCase
from gate.models import AuditEvent, Verification
from gate.notify.signals import gate_changed
from gate.verification.decisions import expire_due
from gate.verification.revocations import decline_revocation, propose_revocation, revoke
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    approve,
    confirm,
    gated_zone,
    looked,
    reviewer,
    submitted,
    verification_in,
)
from tests.gate.admin.desk.conftest import last_event, names_in

pytestmark = pytest.mark.django_db
REASON = "执业机构通知已离职。"


def proposed(case=None, by=None):
    case = case or verification_in("approved")
    return propose_revocation(case=case, reviewer=by or reviewer(), reason=REASON)


class TestServices:
    def test_until_another_confirms_the_approval_stands(self):
        zone = gated_zone("verification")
        reader = admitted_reader(zone)
        case = proposed(reader.verifications.get())
        assert (case.state, Access(reader).decide(zone.pk, "hcp").allowed) == ("approved", True)
        revoke(case=case, reviewer=reviewer())
        decision = Access(reader).decide(zone.pk, "hcp")
        assert (decision.allowed, decision.reason) == (False, Reason.REVOKED)

    def test_nobody_confirms_their_own_proposal(self):
        who = reviewer()
        case = proposed(by=who)
        with pytest.raises(NotYourCase):
            revoke(case=case, reviewer=who)
        case.refresh_from_db()
        assert case.state == "approved"

    @pytest.mark.parametrize("act", [propose_revocation, revoke, decline_revocation])
    def test_nobody_revokes_themselves_and_readers_nobody(self, act):
        who = reviewer()
        case = approve(case=submitted(who), reviewer=reviewer())
        if act != propose_revocation:
            proposed(case)
        words = {"reason": REASON} if act == propose_revocation else {}
        for user in (who, UserFactory(), UserFactory(is_superuser=True)):
            with pytest.raises(NotYourCase):
                act(case=case, reviewer=user, **words)

    def test_it_needs_an_approval_a_reason_and_a_proposal(self):
        with pytest.raises(MissingReason):
            propose_revocation(case=verification_in("approved"), reviewer=reviewer(), reason=" ")
        for state in ("submitted", "in_review", "rejected", "expired", "revoked"):
            with pytest.raises(AlreadyDecided):
                proposed(verification_in(state))
        with pytest.raises(AlreadyDecided):
            revoke(case=verification_in("approved"), reviewer=reviewer())
        with pytest.raises(AlreadyDecided):
            proposed(proposed())

    def test_declining_leaves_the_approval_and_who_proposed_may_too(self):
        who = reviewer()
        case = proposed(by=who)
        decline_revocation(case=case, reviewer=who)
        case.refresh_from_db()
        assert (case.state, case.proposal) == ("approved", {})
        proposed(case)
        assert decline_revocation(case=case, reviewer=reviewer()).state == "approved"

    def test_a_proposal_ends_with_the_approval(self):
        case = proposed()
        Verification.objects.filter(pk=case.pk).update(expires_at=timezone.now())
        assert expire_due() == 1
        case.refresh_from_db()
        assert (case.state, case.proposal) == ("expired", {})
        with pytest.raises(AlreadyDecided):
            revoke(case=case, reviewer=reviewer())

    def test_who_approved_or_first_proposed_it_may_propose_to_revoke_it(self, settings):
        settings.XINGLIN_SECOND_REVIEW_PERCENT = 100
        first, second = reviewer(), reviewer()
        case = confirm(case=approve(case=submitted(), reviewer=first), reviewer=second)
        for who in (first, second):
            proposed(case, by=who)
            decline_revocation(case=case, reviewer=who)
        case.refresh_from_db()
        assert case.state == "approved"

    def test_no_newer_request_slips_past_a_proposed_revocation(self):
        case = verification_in("approved")
        Verification.objects.filter(pk=case.pk).update(expires_at=timezone.now() + timedelta(days=9))
        renewal = submitted(case.user)
        proposed(case)
        with pytest.raises(AlreadyDecided):
            approve(case=renewal, reviewer=reviewer())

    def test_it_leaves_an_audit_row_an_event_and_a_mail(self, django_capture_on_commit_callbacks):
        heard = []

        def hear(sender, event, ids, **kwargs):
            heard.append(event)

        case, first, second = verification_in("approved"), reviewer(), reviewer()
        gate_changed.connect(hear)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                proposed(case, by=first)
                revoke(case=case, reviewer=second)
        finally:
            gate_changed.disconnect(hear)
        row = AuditEvent.objects.get(action="verification_revoked")
        assert (row.actor, row.subject, row.reason) == (second, case.user, REASON)
        assert row.detail == {"proposed_by": first.pk}
        assert heard == ["verification.revoked"]
        told = [message for message in mail.outbox if message.to == [case.user.email]]
        assert REASON in told[-1].body
        assert list(case.events.order_by("-pk").values_list("action", flat=True)[:2]) == [
            "revoked",
            "revocation_proposed",
        ]


class TestDesk:
    def test_the_door_from_the_case_to_a_closed_zone(self, desk, sit_down):
        zone = gated_zone("verification")
        reader = admitted_reader(zone)
        case, other = reader.verifications.get(), sit_down()
        assert reverse("gate_desk:revoke", args=[case.uuid]) in desk.case(case).content.decode()
        desk.post("revoke", case, seen=last_event(case), reason=REASON)
        page = desk.case(case).content.decode()
        assert reverse("gate_desk:confirm_revocation", args=[case.uuid]) not in page
        assert reverse("gate_desk:decline_revocation", args=[case.uuid]) in page
        desk.post("confirm_revocation", case, seen=last_event(case))
        assert Access(reader).decide(zone.pk, "hcp").allowed, "one reviewer is not enough"

        assert names_in(other.queue()) == [case.full_name]
        assert names_in(other.queue(state="second")) == [case.full_name]
        assert names_in(desk.queue()) == []
        page = other.case(case).content.decode()
        assert REASON in page
        assert reverse("gate_desk:confirm_revocation", args=[case.uuid]) in page
        other.post("confirm_revocation", case, seen=last_event(case))
        assert not Access(reader).decide(zone.pk, "hcp").allowed
        assert names_in(other.queue()) == []

    def test_an_empty_reason_is_shown_again(self, desk):
        case = verification_in("approved")
        answer = desk.post("revoke", case, seen=last_event(case), reason=" ")
        assert (answer.status_code, list(answer.context["revoke_form"].errors)) == (422, ["reason"])

    def test_a_page_that_was_overtaken_revokes_nothing(self, desk, sit_down):
        case = proposed()
        seen = last_event(case)
        sit_down().post("decline_revocation", case, seen=seen)
        desk.post("confirm_revocation", case, seen=seen)
        case.refresh_from_db()
        assert case.state == "approved"

    def test_n_takes_requests_only(self, desk):
        proposed()
        assert desk.post("next")["Location"] == reverse("gate_desk:queue")

    def test_declined_at_the_desk_it_stands(self, desk):
        case = proposed()
        desk.post("decline_revocation", case, seen=last_event(case))
        case.refresh_from_db()
        assert (case.state, case.proposal) == ("approved", {})
        assert "Revocation declined" in desk.case(case).content.decode()


def test_only_reviewers_of_its_zone_find_the_doors(sit_down):
    case = looked(verification_in("approved"), reviewer())
    outside = sit_down(UserFactory())
    for act in ("revoke", "confirm_revocation", "decline_revocation"):
        assert outside.post(act, case, reason=REASON).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.proposal) == ("approved", {})
