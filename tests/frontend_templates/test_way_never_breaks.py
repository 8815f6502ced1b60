"""Any address opened, an ended session, an old tab: the reader goes on, and what was typed is there."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from frontend_templates import kept_input
from frontend_templates.urls import urlpatterns
from gate.models import AnswerSet, CaseMessage, ConsentRecord, Verification
from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import (
    PASSWORD,
    UserFactory,
    allow_credentials,
    application,
    credential,
    gated_zone,
    steps_of,
    take_steps,
    verification_in,
)
from tests.frontend_templates.pages import ENGLISH, filled, form_of, get, main_of, post, screen
from tests.frontend_templates.test_gate_flow import submit

pytestmark = pytest.mark.django_db

TYPED = "金丝雀输入"


@pytest.fixture
def zone():
    return gated_zone("agreement", "profile", "verification", slug="z")


@pytest.fixture
def article(zone):
    return ArticlePageFactory(parent=zone, body=[paragraph("引言"), gate_line(), paragraph("正文")])


@pytest.fixture
def reader(client):
    user = allow_credentials(UserFactory())
    client.force_login(user)
    return user


def sign_in(client, page, user):
    """On the page where the reader was led; follows to where they come out."""
    assert screen(page) == "account/login"
    return submit(client, page, login=user.email, password=PASSWORD)


def values(page) -> dict[str, str]:
    return filled(form_of(page))


class TestOpened:
    """Every address of the site answers GET: none is a dead end because it was made for POST."""

    def addresses(self, zone, article, user):
        verification_in("rejected", user, zone=zone)
        known = {
            "slug": zone.slug,
            "step_id": steps_of(zone)["profile"].pk,
            "article_id": article.uuid,
            "answers_id": AnswerSet.objects.filter(user=user).first().uuid,
            "consent_id": ConsentRecord.objects.filter(user=user).first().uuid,
        }
        for pattern in urlpatterns:
            if str(pattern.pattern).startswith("brand/"):
                continue  # pictures of the site, where some are set
            yield "/" + re.sub(r"<\w+:(\w+)>", lambda match: str(known[match[1]]), str(pattern.pattern))

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_leads_somewhere(self, client, zone, article, reader, signed_in):
        take_steps(reader, zone, until="verification")
        if not signed_in:
            client.logout()
        for address in self.addresses(zone, article, reader):
            for method in (client.get, client.head):
                answer = method(address, {"next": f"/articles/{article.uuid}/"}, follow=True)
                assert answer.status_code == 200, (address, answer.status_code)

    @pytest.mark.parametrize(
        "path", ["/gate/z/steps/{step}/", "/gate/verification/answer/", "/gate/verification/appeal/"]
    )
    def test_keeps_where_the_reader_goes(self, client, zone, article, reader, path):
        take_steps(reader, zone, until="profile")
        target = f"/articles/{article.uuid}/"
        address = path.format(step=steps_of(zone)["profile"].pk)
        answer = client.get(address, {"next": target, "zone": "z"})
        query = parse_qs(urlsplit(answer["Location"]).query)
        assert query["next"] == [target]
        page = get(client, answer["Location"])
        assert target in str(main_of(page))


class TestAnEndedSession:
    """It ends while the form is open; the reader sends it, signs in and finds it filled in."""

    def ended(self, client, page, **changes):
        """Send the page's form after the session has gone."""
        form = form_of(page)
        del client.cookies["sessionid"]
        return client.post(form["action"], filled(form, **changes), headers=ENGLISH, follow=True)

    def test_questions(self, client, zone, article, reader):
        target = f"/articles/{article.uuid}/"
        take_steps(reader, zone, until="profile")
        page = get(client, f"/gate/z/?next={target}")
        (key,) = (name for name in values(page) if "-" in name and "csrf" not in name)
        page = sign_in(client, self.ended(client, page, **{key: TYPED}), reader)
        assert screen(page) == "gate/questions"
        assert values(page) | {key: TYPED, "next": target} == values(page)
        assert not AnswerSet.objects.exists()
        submit(client, page)
        assert AnswerSet.objects.get().answers[key] == TYPED
        assert kept_input.SESSION_KEY not in client.session

    def test_verification_with_its_zone_and_article(self, client, zone, article, reader):
        target = f"/articles/{article.uuid}/"
        take_steps(reader, zone, until="verification")
        page = get(client, f"/gate/z/?next={target}")
        sent = application(institution=TYPED) | {"credentials": [credential()]}
        page = sign_in(client, self.ended(client, page, **sent), reader)
        assert screen(page) == "gate/verification"
        expected = application(institution=TYPED) | {"zone": "z", "next": target}
        assert values(page) | expected == values(page)
        page = submit(client, page, credentials=[credential()])
        assert screen(page) == "gate/pending"
        assert Verification.objects.get().institution == TYPED

    @pytest.mark.parametrize("start", ["/gate/z/", "/gate/verification/", "/gate/verification/?zone=z"])
    def test_an_answer_to_the_reviewer(self, client, zone, reader, start):
        take_steps(reader, zone, until="verification")
        verification_in("needs_answer", reader, zone=zone)
        page = sign_in(client, self.ended(client, get(client, start), answer=TYPED), reader)
        assert screen(page) == "gate/question"
        assert values(page)["answer"] == TYPED
        submit(client, page)
        assert CaseMessage.objects.filter(text=TYPED).exists()

    def test_an_appeal(self, client, zone, reader):
        take_steps(reader, zone, until="verification")
        verification_in("rejected", reader, zone=zone)
        page = get(client, "/gate/verification/appeal/?zone=z&next=/zones/z/")
        page = sign_in(client, self.ended(client, page, reason=TYPED), reader)
        assert screen(page) == "gate/appeal"
        assert values(page) | {"reason": TYPED, "zone": "z", "next": "/zones/z/"} == values(page)

    def test_a_correction_of_name_and_of_answers(self, client, zone, reader):
        take_steps(reader, zone, until="verification")
        page = get(client, "/me/data/")
        form = main_of(page).select_one("form[action$='#correct']")
        del client.cookies["sessionid"]
        page = post(client, "/me/data/", filled(form, display_name=TYPED), follow=True)
        page = sign_in(client, page, reader)
        assert main_of(page).select_one("[name=display_name]")["value"] == TYPED
        given = AnswerSet.objects.get()
        address = f"/me/data/answers/{given.uuid}/"
        (key,) = given.answers
        del client.cookies["sessionid"]
        sent = {key: TYPED, "reader": kept_input.mark_of(reader)}
        page = sign_in(client, post(client, address, sent, follow=True), reader)
        assert values(page)[key] == TYPED

    def test_a_decision_leads_back_to_its_text(self, client, zone, reader):
        page = get(client, "/gate/z/?next=/zones/z/")
        page = sign_in(client, self.ended(client, page, decision="agreed"), reader)
        assert screen(page) == "gate/agreement"

    def test_what_was_typed_is_sealed_and_in_no_address(self, client, zone, reader):
        take_steps(reader, zone, until="profile")
        page = get(client, "/gate/z/")
        (key,) = (name for name in values(page) if "-" in name and "csrf" not in name)
        page = self.ended(client, page, **{key: TYPED})
        assert all(TYPED not in url for url, _status in page.redirect_chain)
        rows = [row.get_decoded() for row in Session.objects.all()]
        kept = [row for row in rows if kept_input.SESSION_KEY in row]
        assert len(kept) == 1
        assert TYPED not in str(kept)

    def test_another_person_at_the_same_computer_sees_none_of_it(self, client, zone, reader):
        other = UserFactory()
        for user in (reader, other):
            take_steps(user, zone, until="profile")
        page = get(client, "/gate/z/")
        (key,) = (name for name in values(page) if "-" in name and "csrf" not in name)
        page = sign_in(client, self.ended(client, page, **{key: TYPED}), other)
        assert screen(page) == "gate/questions"
        assert TYPED not in page.content.decode()

    def test_after_an_hour_it_is_forgotten(self, client, zone, reader, monkeypatch):
        take_steps(reader, zone, until="profile")
        page = get(client, "/gate/z/")
        (key,) = (name for name in values(page) if "-" in name and "csrf" not in name)
        page = self.ended(client, page, **{key: TYPED})
        monkeypatch.setattr(kept_input, "KEPT_FOR", -1)
        assert TYPED not in sign_in(client, page, reader).content.decode()


class TestAnOldTab:
    def test_a_step_taken_in_another_tab_leads_on(self, client, zone, reader):
        form = form_of(get(client, "/gate/z/"))
        old = filled(form, decision="agreed")
        submit(client, get(client, "/gate/z/"), decision="agreed")
        for decision in ("agreed", "refused"):
            page = post(client, form["action"], old | {"decision": decision}, follow=True)
            assert screen(page) == "gate/questions"

    def test_an_answer_given_in_another_tab_leads_on(self, client, zone, reader):
        take_steps(reader, zone, until="verification")
        verification_in("needs_answer", reader, zone=zone)
        page = get(client, "/gate/z/")
        submit(client, page, answer="好的。")
        assert screen(submit(client, page, answer="好的。")) == "gate/pending"


class TestAnOldCsrfToken:
    """The reader signed in in another tab; the form here still has the token from before."""

    @pytest.fixture
    def browser(self, reader):
        made = Client(enforce_csrf_checks=True)
        made.force_login(reader)
        return made

    def test_what_was_typed_is_sent_again_with_one_tap(self, browser, zone, reader):
        take_steps(reader, zone, until="profile")
        page = get(browser, "/gate/z/")
        (key,) = (name for name in values(page) if "-" in name and "csrf" not in name)
        form = form_of(page)
        stale = filled(form, **{key: TYPED, "csrfmiddlewaretoken": "a" * 64})
        headers = ENGLISH | {"Origin": "http://testserver"}
        refused = browser.post(form["action"], stale, headers=headers)
        assert (refused.status_code, screen(refused)) == (403, "403_csrf")
        again = form_of(refused)
        answer = browser.post(again["action"], filled(again), headers=headers)
        assert answer.status_code == 302
        assert AnswerSet.objects.get().answers[key] == TYPED

    @pytest.mark.parametrize("origin", ["https://evil.example", ""])
    def test_another_sites_form_is_not_offered(self, browser, zone, reader, origin):
        headers = ENGLISH | ({"Origin": origin} if origin else {})
        refused = browser.post("/gate/z/steps/1/", {"decision": "agreed"}, headers=headers)
        assert refused.status_code == 403
        assert not main_of(refused).select("form")

    def test_passwords_are_not_repeated(self, browser):
        headers = ENGLISH | {"Origin": "http://testserver"}
        data = {"login": "a@example.org", "password": TYPED, "next": "/zones/z/"}
        refused = browser.post("/accounts/login/", data, headers=headers)
        assert refused.status_code == 403
        assert TYPED not in refused.content.decode()
        link = main_of(refused).select_one(".button.primary")["href"]
        assert (urlsplit(link).path, parse_qs(urlsplit(link).query)["next"]) == (
            "/accounts/login/",
            ["/zones/z/"],
        )
