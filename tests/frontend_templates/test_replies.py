"""The reviewer's question and the request for another review, as screens without a script."""

from __future__ import annotations

import pytest

from gate.verification.replies import give_information
from tests.factories.gate import UserFactory, card_of, credential, gated_zone, take_steps, verification_in
from tests.frontend_templates.pages import filled, form_of, get, main_of, post, screen

pytestmark = pytest.mark.django_db
CASE, APPEAL = "/gate/verification/", "/gate/verification/appeal/"


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def send(client, page, **changes):
    form = form_of(page)
    return post(client, form["action"] or page.request["PATH_INFO"], filled(form, **changes), follow=True)


class TestQuestion:
    def test_it_stands_on_the_gate_and_its_answer_leads_back_there(self, client, reader):
        zone = gated_zone(slug="z")
        take_steps(reader, zone, until="verification")
        case = verification_in("needs_answer", reader, zone=zone)
        page = get(client, f"/gate/{zone.slug}/", follow=True)
        assert screen(page) == "gate/question"
        assert "请补充进修证明。" in main_of(page).text
        extra = credential(data=card_of(UserFactory()))
        page = send(client, page, answer="见附件。", credentials=[extra])
        assert screen(page) == "gate/pending"
        assert page.redirect_chain[0][0].startswith("/gate/z/")
        case.refresh_from_db()
        assert (case.state, case.credentials.count()) == ("in_review", 2)

    def test_an_empty_answer_comes_back_with_the_reason_at_the_field(self, client, reader):
        case = verification_in("needs_answer", reader)
        page = send(client, get(client, CASE), answer=" ")
        assert (page.status_code, screen(page)) == (422, "gate/question")
        box = main_of(page).select_one("textarea[name=answer]")
        assert box["aria-invalid"] == "true"
        assert main_of(page).find(id=box["aria-describedby"].split()[-1]) is not None
        assert "请补充进修证明。" in main_of(page).text
        case.refresh_from_db()
        assert case.state == "needs_answer"

    def test_a_second_window_learns_that_it_is_answered(self, client, reader):
        case = verification_in("needs_answer", reader)
        form = get(client, CASE)
        give_information(user=reader, answer="好的。")
        page = send(client, form, answer="好的。")
        assert screen(page) == "gate/pending"
        assert "There is no open question" in page.content.decode()
        assert case.messages.filter(kind="answer").count() == 1

    @pytest.mark.parametrize("path", ["/gate/verification/answer/", APPEAL])
    def test_strangers_sign_in_first(self, client, path):
        page = post(client, path, {"answer": "x", "reason": "x"})
        assert page.status_code == 302
        assert page["Location"].startswith("/accounts/login/")


class TestAppeal:
    def test_from_the_rejection_to_waiting_again(self, client, reader):
        case = verification_in("rejected", reader)
        rejected = main_of(get(client, CASE))
        assert rejected.select_one(f"a[href^='{APPEAL}']") is not None
        page = get(client, APPEAL)
        assert screen(page) == "gate/appeal"
        page = send(client, page, reason="编号放大后可以看清。")
        assert screen(page) == "gate/pending"
        case.refresh_from_db()
        assert (case.state, case.appealed_from is not None) == ("submitted", True)
        assert get(client, APPEAL)["Location"] == CASE, "there is nothing more to ask for"

    def test_without_a_reason_it_comes_back(self, client, reader):
        case = verification_in("rejected", reader)
        page = send(client, get(client, APPEAL), reason="")
        assert (page.status_code, screen(page)) == (422, "gate/appeal")
        assert main_of(page).select_one("textarea[name=reason]")["aria-invalid"] == "true"
        case.refresh_from_db()
        assert case.state == "rejected"

    @pytest.mark.parametrize("state", [None, "submitted", "approved", "needs_answer"])
    def test_only_a_rejection_can_be_reviewed_again(self, client, reader, state):
        if state:
            verification_in(state, reader)
        assert get(client, APPEAL)["Location"] == CASE
        page = post(client, APPEAL, {"reason": "请再看。"}, follow=True)
        assert "There is no rejection" in page.content.decode()
