"""The whole way through the gate with forms alone: no script runs in any of these tests."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from gate.consent.agreements import publish_agreement
from gate.models import ConsentRecord, QuestionnaireVersion
from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import (
    PASSWORD,
    UserFactory,
    agreement_version,
    allow_credentials,
    application,
    approve,
    credential,
    credential_text,
    gated_zone,
    reject,
    reviewer,
    steps_of,
    submitted,
    take_steps,
)
from tests.frontend_templates.pages import filled, form_of, get, main_of, post, screen, soup

pytestmark = pytest.mark.django_db
CANARY = "金丝雀词"


@pytest.fixture
def zone():
    credential_text()
    return gated_zone(slug="z")


@pytest.fixture
def article(zone):
    return ArticlePageFactory(parent=zone, body=[paragraph("引言", name="p"), gate_line(), paragraph(CANARY)])


def submit(client, page, **changes):
    """Fill in the page's form, send it and follow."""
    form = form_of(page)
    return post(client, form["action"], filled(form, **changes), follow=True)


def choices(form):
    """The first choice of each question with choices."""
    made: dict[str, str] = {}
    for control in form.select("input[type=radio], input[type=checkbox]"):
        made.setdefault(control["name"], control["value"])
    return made


def test_from_the_locked_article_to_its_last_paragraph(client, zone, article):
    user = UserFactory()
    path = f"/articles/{article.uuid}/"
    sign_in = main_of(get(client, path)).select_one(".locked .pair a")["href"]
    login = get(client, sign_in)
    assert screen(login) == "account/login"
    page = submit(client, login, login=user.email, password=PASSWORD)
    assert screen(page) == "gate/agreement"
    page = submit(client, page, decision="agreed")
    assert screen(page) == "gate/consent"
    page = submit(client, page, decision="skipped")
    assert screen(page) == "gate/questions"
    asked = [label.text for label in form_of(page).select("label, legend")]
    assert asked == ["您的专业方向？"]  # the other one needs the consent that was declined
    for _questionnaire in range(2):
        (key,) = (name for name in filled(form_of(page)) if "-" in name)
        page = submit(client, page, **{key: "消化内科"})
    assert screen(page) == "gate/credential_consent"
    page = submit(client, page, decision="agreed")
    assert screen(page) == "gate/verification"
    page = submit(client, page, **application(), credentials=[credential()])
    assert screen(page) == "gate/pending"
    reject(
        case=user.verifications.get(),
        reviewer=reviewer(),
        reason="看不清。",
        field_reasons={"licence_number": "少一位"},
    )
    page = get(client, page.redirect_chain[-1][0])
    assert "少一位" in main_of(page).select_one("#f-licence_number-reviewer").text
    page = submit(client, page, licence_number="110110000000002")
    assert screen(page) == "gate/pending"
    approve(case=user.verifications.order_by("pk").last(), reviewer=reviewer())
    page = get(client, page.redirect_chain[-1][0])
    assert screen(page) == "gate/admitted"
    back = main_of(page).select_one(".actions a.primary")["href"]
    anchor = f"b-{article.body[0].id}"
    assert back == f"{path}#{anchor}"
    whole = get(client, back)
    assert CANARY in whole.content.decode()
    assert soup(whole).find(id=anchor)


def test_wrong_answers_are_said_beside_the_question_and_kept(client, zone):
    user = UserFactory()
    client.force_login(user)
    take_steps(user, zone, until="profile")
    page = get(client, "/gate/z/")
    form = form_of(page)
    (text,) = form.select("input[type=text]")
    radio = form.select("input[type=radio]")[1]
    page = submit(client, page, **{text["name"]: "长" * 301, radio["name"]: radio["value"]})
    form = form_of(page)
    assert page.status_code == 422
    control = form.find("input", attrs={"name": text["name"]})
    assert control["aria-invalid"] == "true"
    assert "autofocus" in control.attrs
    assert control["value"] == "长" * 301
    assert form.find("input", attrs={"checked": True})["value"] == radio["value"]
    error = form.find(id=f"f-{text['name']}-error")
    assert "300" in error.text
    assert error["id"] in control["aria-describedby"]
    assert main_of(page).select_one(".summary a")["href"] == f"#{control['id']}"


def test_a_missing_answer_is_named(client, zone):
    user = UserFactory()
    client.force_login(user)
    take_steps(user, zone, until="profile")
    page = submit(client, get(client, "/gate/z/"))
    assert page.status_code == 422
    assert main_of(page).select_one(".summary h2").text.strip() == "2 fields need your attention"
    assert len(main_of(page).select("[autofocus]")) == 1


def test_a_verification_with_errors_keeps_what_was_typed(client, zone):
    user = UserFactory()
    client.force_login(user)
    take_steps(allow_credentials(user), zone, until="verification")
    page = submit(client, get(client, "/gate/z/"), **application(institution="", department=""))
    form = form_of(page)
    assert page.status_code == 422
    assert form.find("input", attrs={"name": "full_name"})["value"] == "林一"
    assert {error["id"] for error in form.select(".error-text")} == {
        "f-institution-error",
        "f-department-error",
        "f-credentials-error",
    }
    assert form.select_one("[autofocus]")["name"] == "institution"
    assert form.find("input", attrs={"name": "zone"})["value"] == "z"
    assert "please choose them again" in form.find(id="f-credentials-hint").text
    assert not user.verifications.exists()


def test_a_picture_that_is_none_is_refused_beside_the_field(client, zone):
    user = UserFactory()
    client.force_login(user)
    take_steps(allow_credentials(user), zone, until="verification")
    page = submit(
        client, get(client, "/gate/z/"), **application(), credentials=[credential(data=b"<svg/onload=x>")]
    )
    assert page.status_code == 422
    assert form_of(page).find(id="f-credentials-error")
    assert not user.verifications.exists()


def test_what_is_typed_comes_back_as_text(client, zone):
    user = UserFactory()
    client.force_login(user)
    take_steps(allow_credentials(user), zone, until="verification")
    page = submit(client, get(client, "/gate/z/"), **application(full_name='"><script>alert(1)</script>'))
    assert b"<script>alert" not in page.content


def test_a_changed_agreement_is_shown_again(client, zone):
    user = UserFactory()
    client.force_login(user)
    page = get(client, "/gate/z/")
    agreement = steps_of(zone)["agreement"].agreement
    agreement.draft_text = "<p>新的文本。</p>"
    agreement.save()
    publish_agreement(agreement=agreement, by=None, asks_again=True)
    page = submit(client, page, decision="agreed")
    assert screen(page) == "gate/agreement"
    assert "新的文本。" in main_of(page).text
    assert "has changed" in main_of(page).select_one(".note").text
    passages = {
        item["data-change"]: item.get_text(" ", strip=True) for item in main_of(page).select(".changes li")
    }
    assert passages == {"removed": "Removed 请确认。", "added": "New 新的文本。"}
    assert not ConsentRecord.objects.exists()


def test_a_step_out_of_order_leads_to_the_one_that_is_next(client, zone):
    user = UserFactory()
    client.force_login(user)
    survey = steps_of(zone)["survey"]
    version = QuestionnaireVersion.objects.filter(questionnaire=survey.questionnaire).latest("number").pk
    page = post(client, f"/gate/z/steps/{survey.pk}/", {"version": version}, follow=True)
    assert screen(page) == "gate/agreement"
    assert "Another step comes first." in soup(page).select_one(".messages").text


def test_a_decision_sent_twice_is_one_record(client, zone):
    user = UserFactory()
    client.force_login(user)
    page = get(client, "/gate/z/")
    submit(client, page, decision="agreed")
    page = submit(client, page, decision="agreed")
    assert ConsentRecord.objects.count() == 1
    assert "decided already" in soup(page).select_one(".messages").text


@pytest.mark.parametrize("decision", ["", "withdrawn", "skipped", "enter", "agreed' OR 1=1"])
def test_an_agreement_takes_no_other_decision(client, zone, decision):
    user = UserFactory()
    client.force_login(user)
    submit(client, get(client, "/gate/z/"), decision=decision)
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize("version", ["", "x", "-1", "９", "1" * 30])
def test_a_version_that_is_no_number_is_a_stale_one(client, zone, version):
    client.force_login(UserFactory())
    step = steps_of(zone)["agreement"]
    data = {"version": version, "decision": "agreed"}
    assert post(client, f"/gate/z/steps/{step.pk}/", data).status_code == 302
    assert not ConsentRecord.objects.exists()


def test_a_step_of_another_zone_is_none(client, zone):
    other = gated_zone("agreement", slug="other")
    client.force_login(UserFactory())
    step = steps_of(other)["agreement"]
    version = agreement_version().pk
    page = post(client, f"/gate/z/steps/{step.pk}/", {"version": version, "decision": "agreed"}, follow=True)
    assert "no longer part of the gate" in soup(page).select_one(".messages").text
    assert not ConsentRecord.objects.exists()


def test_every_form_needs_its_token(zone):
    client = Client(enforce_csrf_checks=True)
    user = UserFactory()
    client.force_login(user)
    step = steps_of(zone)["agreement"]
    for path in (f"/gate/z/steps/{step.pk}/", "/gate/verification/", f"/me/consents/{uuid4()}/withdraw/"):
        response = post(client, path, {"decision": "agreed"})
        assert response.status_code == 403
        assert screen(response) == "403_csrf"
    assert not ConsentRecord.objects.exists()


def test_nobody_in_particular_decides_nothing(client, zone):
    step = steps_of(zone)["agreement"]
    response = post(client, f"/gate/z/steps/{step.pk}/", {"decision": "agreed"})
    assert response["Location"].startswith("/accounts/login/?next=/gate/z/")
    assert not ConsentRecord.objects.exists()


def test_the_verification_by_itself(client):
    user = allow_credentials(UserFactory())
    client.force_login(user)
    page = get(client, "/gate/verification/")
    page = submit(client, page, **application(), credentials=[credential()])
    assert screen(page) == "gate/pending"
    assert page.redirect_chain[-1][0] == "/gate/verification/"


def test_a_second_request_says_that_one_is_waiting(client):
    user = allow_credentials(UserFactory())
    client.force_login(user)
    page = get(client, "/gate/verification/")
    submitted(user)
    page = submit(client, page, **application(), credentials=[credential()])
    assert screen(page) == "gate/pending"
    assert user.verifications.count() == 1
    assert "already being reviewed" in soup(page).select_one(".messages").text


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx"]
)
def test_the_gate_never_leads_away(client, zone, evil):
    user = UserFactory()
    client.force_login(user)
    page = get(client, "/gate/z/", data={"next": evil})
    assert form_of(page).find("input", attrs={"name": "next"})["value"] == "/zones/z/"
    response = post(client, form_of(page)["action"], filled(form_of(page), decision="agreed", next=evil))
    assert response["Location"] == "/gate/z/?next=%2Fzones%2Fz%2F"


def test_a_decision_and_its_opposite_in_one_form_is_no_decision(client, zone):
    client.force_login(UserFactory())
    page = get(client, "/gate/z/")
    form = form_of(page)
    data = filled(form)
    answer = client.post(form["action"], {**data, "decision": ["refused", "agreed"]}, follow=True)
    assert answer.status_code == 200
    assert not ConsentRecord.objects.exists()


def test_a_field_of_the_verification_sent_twice_is_marked(client):
    client.force_login(allow_credentials(UserFactory()))
    data = {**application(), "full_name": ["王小明", "张三"], "credentials": [credential()]}
    answer = client.post("/gate/verification/", data)
    assert answer.status_code == 422
    assert "full_name" in [field.name for field in answer.context["errors"]]
