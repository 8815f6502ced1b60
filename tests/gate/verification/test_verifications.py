"""Asking to be recognised, and being decided about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import gettext

from gate.decision.access import Access
from gate.decision.facts import CaseState, Reason
from gate.errors import AlreadyDecided, InvalidAnswers, MissingReason, NotYourCase
from gate.models import AuditEvent, Credential, Verification, VerificationEvent
from gate.people.grants import Right, grant
from gate.people.reviewing import CLAIM_LASTS, is_reviewer, may_review, reviewable_cases
from gate.verification.decisions import LONGEST_TERM, USUAL_TERM, claim, expire_due, release
from gate.verification.files.credentials import record_look, show_look
from gate.verification.revocations import propose_revocation
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    allow_credentials,
    application,
    approve,
    credential,
    gated_zone,
    permit,
    reject,
    reviewer,
    revoke,
    submitted,
    verification_in,
)

pytestmark = pytest.mark.django_db


def submit(user, data=None, files=None, **kwargs):
    return submit_verification(
        user=allow_credentials(user),
        data=application() if data is None else data,
        files=[credential()] if files is None else files,
        **kwargs,
    )


def actions(case):
    return list(case.events.order_by("pk").values_list("action", flat=True))


class TestSubmitting:
    def test_a_request_waits_with_its_evidence(self):
        reader = UserFactory()
        case = submit(reader, data=application(licence_number=" １１０110 000000001 "))
        assert (case.state, case.licence_number) == ("submitted", "110110000000001")
        assert Credential.objects.get().verification == case
        assert actions(case) == ["submitted"]

    def test_each_missing_field_is_named_and_nothing_is_kept(self):
        with pytest.raises(InvalidAnswers) as refusal:
            submit(UserFactory(), data={"profession": "physician"}, files=[])
        assert set(refusal.value.fields) == {
            "full_name",
            "institution",
            "department",
            "licence_number",
            "credentials",
        }
        assert not Verification.objects.exists()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"profession": "wizard"}, "profession"),
            ({"licence_number": "12345"}, "licence_number"),
            ({"profession": "nurse", "licence_number": "ABC"}, "licence_number"),
            ({"full_name": "林" * 81}, "full_name"),
            ({"full_name": "\u202e\x00"}, "full_name"),
            ({"institution": ["示例医院"]}, "institution"),
        ],
    )
    def test_a_field_that_cannot_be_right_is_named(self, change, field):
        with pytest.raises(InvalidAnswers) as refusal:
            submit(UserFactory(), data=application(**change))
        assert set(refusal.value.fields) == {field}

    def test_fields_that_the_form_does_not_offer_are_ignored(self):
        case = submit(
            UserFactory(),
            data=application() | {"state": "approved", "expires_at": "2099-01-01", "user_id": 1},
        )
        assert (case.state, case.expires_at) == ("submitted", None)

    def test_a_student_needs_no_number(self):
        assert submit(UserFactory(), data=application(profession="student", licence_number="", department=""))

    def test_a_second_request_is_refused_while_one_is_open(self):
        reader = UserFactory()
        case = submit(reader)
        with pytest.raises(AlreadyDecided):
            submit(reader)
        claim(case=case, reviewer=reviewer())
        with pytest.raises(AlreadyDecided):
            submit(reader)
        assert Verification.objects.count() == 1

    def test_recognised_people_renew_near_the_end_only(self):
        reader = UserFactory()
        case = approve(case=submit(reader), reviewer=reviewer())
        with pytest.raises(AlreadyDecided):
            submit(reader)
        Verification.objects.filter(pk=case.pk).update(expires_at=timezone.now() + timedelta(days=30))
        renewal = submit(reader)
        assert renewal.previous is None
        approve(case=renewal, reviewer=reviewer())
        case.refresh_from_db()
        assert (case.state, actions(case)[-1]) == ("expired", "superseded")

    def test_a_file_too_many_is_refused(self):
        with pytest.raises(InvalidAnswers) as refusal:
            submit(UserFactory(), files=[credential()] * 5)
        assert set(refusal.value.fields) == {"credentials"}


class TestResubmitting:
    def test_the_rejected_request_stays_and_is_pointed_to(self):
        rejected = verification_in("rejected")
        again = submit(rejected.user)
        rejected.refresh_from_db()
        assert (again.previous, rejected.state) == (rejected, "rejected")
        assert rejected.reason == "照片不清晰，请重新拍摄。"

    def test_what_was_objected_to_must_be_sent_again(self):
        rejected = verification_in("rejected")  # the reviewer could not read the picture
        with pytest.raises(InvalidAnswers) as refusal:
            submit(rejected.user, files=[])
        assert set(refusal.value.fields) == {"credentials"}

    def test_pictures_that_were_fine_are_carried_over(self):
        case = submitted()
        reject(case=case, reviewer=reviewer(), reason="姓名不符", field_reasons={"full_name": "与证件不符"})
        again = submit(case.user, files=[])
        old, new = case.credentials.get(), again.credentials.get()
        assert old.content_hash == new.content_hash
        assert old.uuid != new.uuid

    def test_the_form_is_filled_again_with_the_reasons_beside_it(self):
        zone = gated_zone("verification")
        case = submitted(full_name="林一一")
        reject(
            case=case,
            reviewer=reviewer(),
            reason="姓名不符",
            field_reasons={"full_name": "与证件不符", "x": " "},
        )
        status = Access(case.user).state(zone).verification
        assert (status.state, status.reason) == (CaseState.REJECTED, "姓名不符")
        assert status.field_reasons == {"full_name": "与证件不符"}
        assert status.previous_input["full_name"] == "林一一"
        assert "credentials" not in status.previous_input


class TestReviewing:
    def test_an_approval_lasts_as_long_as_usual(self):
        case = approve(case=submitted(), reviewer=reviewer())
        assert case.expires_at - case.decided_at == USUAL_TERM
        assert actions(case) == ["submitted", "approved"]

    @pytest.mark.parametrize("term", [timedelta(days=-1), timedelta(0), LONGEST_TERM + timedelta(days=1)])
    def test_no_term_is_past_or_endless(self, term):
        case = submitted()
        with pytest.raises(ValueError, match="expires_at"):
            approve(case=case, reviewer=reviewer(), expires_at=timezone.now() + term)
        case.refresh_from_db()
        assert case.state == "submitted"

    @pytest.mark.parametrize("first", ["approve", "reject"])
    @pytest.mark.parametrize("second", ["approve", "reject"])
    def test_a_decided_case_is_not_decided_again(self, first, second):
        case = submitted()
        acts = {
            "approve": lambda: approve(case=case, reviewer=reviewer()),
            "reject": lambda: reject(case=case, reviewer=reviewer(), reason="不清"),
        }
        acts[first]()
        with pytest.raises(AlreadyDecided):
            acts[second]()
        case.refresh_from_db()
        assert case.state == {"approve": "approved", "reject": "rejected"}[first]
        assert case.events.count() == 2

    def test_a_page_that_was_overtaken_decides_nothing(self):
        case = submitted()
        seen = case.events.get().pk
        who = reviewer()
        claim(case=case, reviewer=who)
        with pytest.raises(AlreadyDecided):
            approve(case=case, reviewer=who, seen=seen)
        approve(case=case, reviewer=who, seen=case.events.latest("pk").pk)

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_rejecting_and_revoking_need_a_reason(self, reason):
        with pytest.raises(MissingReason):
            reject(case=submitted(), reviewer=reviewer(), reason=reason)
        with pytest.raises(MissingReason):
            propose_revocation(case=verification_in("approved"), reviewer=reviewer(), reason=reason)

    def test_revoking_closes_every_zone_with_the_next_request(self):
        zone, other = gated_zone("verification"), gated_zone("verification")
        reader = admitted_reader(zone)
        revoke(case=reader.verifications.get(), reason="已注销")
        assert [Access(reader).decide(one.pk, "hcp").reason for one in (zone, other)] == [Reason.REVOKED] * 2
        assert not {key for key in Access(reader).scope() if key.endswith(":hcp")}

    def test_running_out_closes_before_any_job_says_so(self):
        zone = gated_zone("verification")
        reader = admitted_reader(zone)
        case = reader.verifications.get()
        assert Access(reader, now=case.expires_at).decide(zone.pk, "hcp").reason == Reason.EXPIRED
        Verification.objects.update(expires_at=timezone.now())
        assert expire_due() == 1
        assert expire_due() == 0
        case.refresh_from_db()
        assert (case.state, actions(case)[-1]) == ("expired", "expired")


class TestClaiming:
    def test_a_claimed_case_is_one_reviewers(self):
        case, one, two = submitted(), reviewer(), reviewer()
        claim(case=case, reviewer=one)
        for act in (
            lambda: claim(case=case, reviewer=two),
            lambda: release(case=case, reviewer=two),
            lambda: approve(case=case, reviewer=two),
            lambda: reject(case=case, reviewer=two, reason="不清"),
        ):
            with pytest.raises(NotYourCase):
                act()
        claim(case=case, reviewer=one)
        release(case=case, reviewer=one)
        claim(case=case, reviewer=two)
        assert actions(case) == ["submitted", "claimed", "released", "claimed"]

    def test_a_claim_left_alone_opens_again(self):
        case, two = submitted(), reviewer()
        claim(case=case, reviewer=reviewer())
        Verification.objects.update(claimed_at=timezone.now() - CLAIM_LASTS)
        assert claim(case=case, reviewer=two).reviewer == two


class TestWhoReviews:
    def test_nobody_decides_their_own_request(self):
        who = reviewer()
        case = submitted(who)
        assert not may_review(who, case)
        for act in (
            lambda: claim(case=case, reviewer=who),
            lambda: approve(case=case, reviewer=who),
            lambda: reject(case=case, reviewer=who, reason="不清"),
        ):
            with pytest.raises(NotYourCase) as refusal:
                act()
            assert refusal.value.message == gettext("You cannot decide your own request.")
        approve(case=case, reviewer=reviewer())
        with pytest.raises(NotYourCase):
            propose_revocation(case=case, reviewer=who, reason="误")
        assert actions(case) == ["submitted", "approved"]

    @pytest.mark.parametrize(
        "who",
        [
            lambda: UserFactory(),
            lambda: UserFactory(is_superuser=True),
            lambda: permit(UserFactory(), "gate.change_verification", "gate.see_any_credential"),
        ],
    )
    def test_others_decide_nothing_not_even_superusers(self, who):
        case, user = submitted(), who()
        assert not is_reviewer(user)
        with pytest.raises(NotYourCase):
            approve(case=case, reviewer=user)
        assert not reviewable_cases(user).exists()

    def test_a_zones_reviewer_decides_what_came_in_there(self):
        zone, other = gated_zone("verification"), gated_zone("verification")
        who = UserFactory()
        right = grant(user=who, zone_id=zone.pk, right=Right.REVIEW, reason="消化专区审核", by=None)
        here, there, nowhere = submitted(zone=zone), submitted(zone=other), submitted()
        assert list(reviewable_cases(who)) == [here]
        for case in (there, nowhere):
            with pytest.raises(NotYourCase):
                approve(case=case, reviewer=who)
        right.expires_at = timezone.now()
        right.save()
        with pytest.raises(NotYourCase):
            approve(case=here, reviewer=who)

    def test_the_reviewers_group_reviews(self):
        from django.contrib.auth.models import Group

        who = UserFactory()
        who.groups.add(Group.objects.get(name="认证审核"))
        case = claim(case=submitted(), reviewer=who)
        look = record_look(credential=case.credentials.get(), case=case, reviewer=who, reason="核对编号")
        assert look.actor == who


class TestLooking:
    def test_each_look_is_on_record_before_it_happens(self):
        who, case = reviewer(), submitted()
        claim(case=case, reviewer=who)
        file = case.credentials.get()
        event = record_look(credential=file, case=case, reviewer=who, reason="核对编号")
        assert event == AuditEvent.objects.get(action="credential_viewed")
        shown = {"look": event.pk, "credential": file, "case": case, "reviewer": who}
        assert show_look(**shown, draw=lambda data: data[:2]) == b"\xff\xd8"
        with pytest.raises(NotYourCase):
            show_look(**shown, draw=lambda data: data)
        assert (event.actor, event.subject, event.reason) == (who, case.user, "核对编号")
        assert event.target == f"credential:{file.pk}"

    def test_nobody_else_sees_it(self):
        who, case = reviewer(), submitted()
        file = case.credentials.get()
        look = {"credential": file, "case": case, "reason": "看"}
        with pytest.raises(NotYourCase):
            record_look(reviewer=who, **look)  # not claimed
        claim(case=case, reviewer=who)
        with pytest.raises(MissingReason):
            record_look(reviewer=who, **look | {"reason": " "})
        for other in (reviewer(), case.user, UserFactory(is_superuser=True)):
            with pytest.raises(NotYourCase):
                record_look(reviewer=other, **look)
        with pytest.raises(NotYourCase):
            record_look(reviewer=who, **look | {"credential": submitted().credentials.get()})
        assert not AuditEvent.objects.filter(action="credential_viewed").exists()
        approve(case=case, reviewer=who)
        with pytest.raises(NotYourCase):
            record_look(reviewer=who, **look)  # decided

    def test_reviewing_alone_does_not_show_credentials(self):
        zone = gated_zone("verification")
        who = UserFactory()
        grant(user=who, zone_id=zone.pk, right=Right.REVIEW, reason="审核", by=None)
        case = claim(case=submitted(zone=zone), reviewer=who)
        look = {"credential": case.credentials.get(), "case": case, "reviewer": who, "reason": "核对"}
        with pytest.raises(NotYourCase):
            record_look(**look)
        grant(user=who, zone_id=zone.pk, right=Right.SEE_CREDENTIALS, reason="审核", by=None)
        assert record_look(**look)


class TestWaiting:
    def test_position_and_usual_time_come_from_history(self):
        zone = gated_zone("verification")
        who = reviewer()
        for hours in (1, 2, 30):
            case = approve(case=submitted(), reviewer=who)
            Verification.objects.filter(pk=case.pk).update(
                submitted_at=case.decided_at - timedelta(hours=hours)
            )
        submitted()
        second = submitted()
        state = Access(second.user).state(zone)
        assert (state.position, state.usual_wait) == (2, timedelta(hours=2))
        assert state.current is None
        assert state.waits_at.kind == "verification"

    def test_without_history_no_time_is_promised(self):
        state = Access(submitted().user).state(gated_zone("verification"))
        assert (state.position, state.usual_wait) == (1, None)


class TestMail:
    @pytest.mark.parametrize(
        ("state", "locale", "subject", "words"),
        [
            ("approved", "en", "was approved", "valid until"),
            ("rejected", "en", "needs a correction", "照片不清晰"),
            ("revoked", "en", "was revoked", "执业证书已注销"),
        ],
    )
    def test_people_are_told_in_their_language(
        self, django_capture_on_commit_callbacks, state, locale, subject, words
    ):
        with django_capture_on_commit_callbacks(execute=True):
            case = verification_in(state, UserFactory(locale=locale))
        message = mail.outbox[-1]
        assert message.to == [case.user.email]
        assert subject in message.subject
        assert words in message.body
        assert case.licence_number not in message.body

    def test_a_rollback_tells_nobody(self, django_capture_on_commit_callbacks):
        case = submitted()
        with django_capture_on_commit_callbacks(execute=True) as callbacks, pytest.raises(NotYourCase):
            approve(case=case, reviewer=UserFactory())
        assert not callbacks
        assert not mail.outbox


def test_history_is_complete_for_every_state():
    for state in CaseState:
        case = verification_in(state)
        assert case.state == state
        last = VerificationEvent.objects.filter(verification=case).last()
        assert state == CaseState.DRAFT or last.to_state == state
