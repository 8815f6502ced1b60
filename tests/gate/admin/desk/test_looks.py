"""Nothing is decided unseen: each decision asks for this reviewer's own look at each file there is."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from gate.admin.desk.pictures import NotAPicture
from gate.errors import LookRequired, NotYourCase
from gate.models import AuditEvent, Credential, CredentialLook
from gate.verification import decisions
from gate.verification.casework import hand_over, request_information
from gate.verification.decisions import claim, release
from gate.verification.files import vault
from gate.verification.files.credentials import record_look, show_look
from gate.verification.files.looks import LOOK_LASTS, unseen_files
from gate.verification.replies import give_information
from gate.verification.submission import submit_verification
from tests.factories.gate import (
    UserFactory,
    approve,
    card_of,
    confirm,
    credential,
    looked,
    reject,
    reviewer,
    submitted,
)
from tests.gate.admin.desk.conftest import last_event, look_of

pytestmark = pytest.mark.django_db
TWIN = "110110000000777"

DECISIONS = {
    "approve": lambda case, who: decisions.approve(case=case, reviewer=who),
    "reject": lambda case, who: decisions.reject(case=case, reviewer=who, reason="看不清"),
    "reject beside the file": lambda case, who: decisions.reject(
        case=case,
        reviewer=who,
        reason="看不清",
        field_reasons={"credentials": "看不清"},
        from_files=False,
    ),
}


def proposed(decision="approve"):
    """A case on which one reviewer has decided and another one has to."""
    case, _twin = submitted(licence_number=TWIN), submitted(licence_number=TWIN)
    return approve(case=case, reviewer=reviewer())


@pytest.mark.parametrize("act", DECISIONS)
class TestEachDecision:
    def test_is_refused_to_who_has_not_looked(self, act):
        case, who = submitted(), reviewer()
        claim(case=case, reviewer=who)
        with pytest.raises(LookRequired) as refusal:
            DECISIONS[act](case, who)
        assert (refusal.value.code, refusal.value.files) == ("look_required", (1,))
        case.refresh_from_db()
        assert case.state == "in_review"
        assert DECISIONS[act](looked(case, who), who).decided_at

    def test_names_the_files_that_are_missing(self, act):
        case, who = submitted(), reviewer()
        first = looked(case, who).credentials.get()
        for _number in (2, 3):
            vault.store(vault.CleanFile(vault.read(first), "image/jpeg"), verification=case)
        with pytest.raises(LookRequired) as refusal:
            DECISIONS[act](case, who)
        assert refusal.value.files == (2, 3)
        assert "2, 3" in refusal.value.message

    def test_is_not_helped_by_a_colleague_who_looked(self, act):
        case = looked(submitted(), reviewer())
        with pytest.raises(LookRequired):
            DECISIONS[act](case, reviewer())

    def test_is_not_helped_by_a_look_at_an_earlier_submission(self, act):
        who, user = reviewer(), UserFactory()
        reject(case=submitted(user), reviewer=who, reason="姓名不符")
        again = submit_verification(user=user, data=_stated(), files=[])  # the same picture
        with pytest.raises(LookRequired):
            DECISIONS[act](again, who)

    def test_is_not_helped_by_a_look_that_was_recorded_but_never_drawn(self, act):
        case, who = submitted(), reviewer()
        claim(case=case, reviewer=who)
        file = case.credentials.get()
        look = record_look(credential=file, case=case, reviewer=who, reason="核对")

        def fail(_data):
            raise NotAPicture

        with pytest.raises(NotAPicture):
            show_look(look=look.pk, credential=file, case=case, reviewer=who, draw=fail)
        with pytest.raises(LookRequired):
            DECISIONS[act](case, who)


def _stated():
    return {
        "full_name": "林一",
        "profession": "physician",
        "licence_number": "110110000000002",
        "institution": "示例医院",
        "department": "内科",
    }


def test_who_confirms_looks_too():
    case, who = proposed(), reviewer()
    with pytest.raises(LookRequired):
        decisions.confirm(case=case, reviewer=who)
    assert confirm(case=case, reviewer=who).state == "approved"


def test_who_confirms_a_rejection_looks_too(settings):
    settings.XINGLIN_SECOND_REVIEW_PERCENT = 100
    case, who = reject(case=submitted(), reviewer=reviewer(), reason="看不清"), reviewer()
    with pytest.raises(LookRequired):
        decisions.confirm(case=case, reviewer=who)
    assert confirm(case=case, reviewer=who).state == "rejected"


def test_a_file_that_came_with_the_answer_is_looked_at_too():
    case, who = submitted(), reviewer()
    claim(case=looked(case, who), reviewer=who)
    request_information(case=case, reviewer=who, question="请补充。")
    assert unseen_files(case, who) == []
    user = case.user
    give_information(user=user, answer="", files=[credential(data=card_of(who))])
    with pytest.raises(LookRequired) as refusal:
        decisions.approve(case=case, reviewer=who)
    assert refusal.value.files == (2,)


def test_a_request_without_any_file_is_not_approved():
    case, who = submitted(), reviewer()
    Credential.objects.filter(verification=case).update(deleted_at=timezone.now())
    with pytest.raises(LookRequired) as refusal:
        decisions.approve(case=case, reviewer=who)
    assert refusal.value.files == ()
    assert decisions.reject(case=case, reviewer=who, reason="没有证件").state == "rejected"


def test_what_no_file_says_can_be_a_reason_without_a_look():
    case, who = submitted(), reviewer()
    done = decisions.reject(case=case, reviewer=who, reason="医院不存在", from_files=False)
    assert done.state == "rejected"


def test_a_look_is_redeemed_once_whatever_the_cache_does(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    case, who = submitted(), reviewer()
    claim(case=case, reviewer=who)
    file = case.credentials.get()
    look = record_look(credential=file, case=case, reviewer=who, reason="核对")
    drawn: list[bytes] = []
    shown = {"look": look.pk, "credential": file, "case": case, "reviewer": who}
    show_look(**shown, draw=drawn.append)
    with pytest.raises(NotYourCase):
        show_look(**shown, draw=drawn.append)
    assert (len(drawn), CredentialLook.objects.count()) == (1, 1), "not even drawn again"


def test_of_two_requests_for_one_look_at_once_one_gets_the_picture():
    """The second comes while the picture is drawn for the first: after the check, before the look counts."""
    case, who = submitted(), reviewer()
    claim(case=case, reviewer=who)
    file = case.credentials.get()
    look = record_look(credential=file, case=case, reviewer=who, reason="核对")
    shown = {"look": look.pk, "credential": file, "case": case, "reviewer": who}

    def draw_slowly(data):
        assert show_look(**shown, draw=bytes) == data
        return data

    with pytest.raises(NotYourCase):
        show_look(**shown, draw=draw_slowly)
    assert CredentialLook.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    ["another reviewer", "another file", "too late", "released", "handed over", "decided"],
)
def test_a_recorded_look_shows_nothing_after(change, clock):
    case, who = submitted(), reviewer()
    claim(case=case, reviewer=who)
    other = case.credentials.get()
    file = vault.store(vault.CleanFile(vault.read(other), "image/jpeg"), verification=case)
    look = record_look(credential=file, case=case, reviewer=who, reason="核对")
    shown = {"look": look.pk, "credential": file, "case": case, "reviewer": who, "draw": bytes}
    if change == "another reviewer":
        shown["reviewer"] = reviewer()
    elif change == "another file":
        shown["credential"] = other
    elif change == "too late":
        clock.now += LOOK_LASTS
    elif change == "released":
        release(case=case, reviewer=who)
    elif change == "handed over":
        hand_over(case=case, reviewer=who, to=reviewer(), note="请看。")
    else:
        reject(case=case, reviewer=who, reason="看不清")
    before = CredentialLook.objects.count()
    with pytest.raises(NotYourCase):
        show_look(**shown)
    assert CredentialLook.objects.count() == before


class TestDesk:
    def buttons(self, answer):
        """Which sheets the page offers; a disabled button is none."""
        page = answer.content.decode()
        return {act for act in ("approve", "reject", "confirm") if f"/{act}/" in page}

    def test_the_bar_says_what_is_missing_until_every_file_was_shown(self, desk):
        case = submitted()
        first = case.credentials.get()
        second = vault.store(vault.CleanFile(vault.read(first), "image/jpeg"), verification=case)
        desk.post("claim", case)
        answer = desk.case(case)
        assert (answer.context["unseen"], self.buttons(answer)) == ([1, 2], {"reject"})
        assert "credential 1, 2" in answer.content.decode()
        look = look_of(desk.reveal(case, first))
        assert desk.case(case, look=look).context["unseen"] == [2], "shown with this page"
        assert desk.look(case, look, first).status_code == 200
        assert desk.case(case).context["unseen"] == [2]
        look = look_of(desk.reveal(case, second))
        answer = desk.case(case, look=look)
        assert (answer.context["unseen"], self.buttons(answer)) == ([], {"approve", "reject"})
        assert 'id="desk-missing"' not in answer.content.decode()

    @pytest.mark.parametrize(("act", "data"), [("approve", {}), ("reject", {}), ("confirm", {})])
    def test_raw_requests_decide_nothing_unseen(self, desk, act, data):
        case = proposed()
        desk.post("claim", case)
        desk.post(act, case, seen=last_event(case), canned="unreadable", **data)
        case.refresh_from_db()
        assert (case.state, bool(case.proposal)) == ("in_review", True)

    def test_without_a_look_only_what_no_file_says_is_a_reason(self, desk):
        case = submitted()
        desk.post("claim", case)
        for data in (
            {"canned": "unreadable"},
            {"canned": "licence_differs"},
            {"canned": "other", "words": "证件有误"},
        ):
            answer = desk.reject(case, **data)
            assert (answer.status_code, list(answer.context["reject_form"].errors)) == (422, ["canned"])
        desk.reject(case, canned="institution_unknown", note_full_name="证件上不是这个名字", words="证件有误")
        case.refresh_from_db()
        assert (case.state, list(case.field_reasons)) == ("rejected", ["institution"])
        assert "证件有误" not in case.reason

    def test_taking_several_at_once_decides_nothing(self, desk):
        case = proposed()
        desk.client.post(reverse("gate_desk:claim_several"), {"case": [case.uuid], "action": "confirm"})
        assert not AuditEvent.objects.filter(action="credential_viewed", actor=desk.user).exists()
        case.refresh_from_db()
        assert case.state == "in_review"
