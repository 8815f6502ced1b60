"""Questions with conditions on the reader's site, without scripts."""

from __future__ import annotations

import pytest

from gate.models import AnswerSet, Question, Questionnaire
from gate.questions.publish import publish_questionnaire
from tests.factories.gate import UserFactory, add_step, gated_zone
from tests.frontend_templates.pages import form_of, get, main_of, post, soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(client):
    """The reader's form of a survey whose second question depends on the first; its keys."""
    zone = gated_zone("agreement", slug="digestive", audience="registered")
    zone.gate.steps.all().delete()
    made = Questionnaire.objects.create(kind="survey", title="收集问题")
    first = Question.objects.create(
        questionnaire=made, sort_order=0, text="做内镜吗？", kind="single", choices="做\n不做"
    )
    second = Question.objects.create(
        questionnaire=made, sort_order=1, text="几年？", kind="number",
        condition_question=first.key, condition_value="做",
    )  # fmt: skip
    Question.objects.create(
        questionnaire=made, sort_order=2, text="科室？", kind="department", required=False
    )
    publish_questionnaire(questionnaire=made, by=None)
    add_step(zone, "survey", questionnaire=made)
    client.force_login(UserFactory())
    page = form_of(get(client, "/gate/digestive/"))
    data = {one["name"]: one.get("value", "") for one in page.select("input[type=hidden]")}
    return page, data, str(first.key), str(second.key)


def test_the_condition_is_said_in_words_and_in_data(form):
    page, _data, first, second = form
    field = page.find("input", attrs={"name": second})
    box = field.find_parent("div")
    assert (box["data-when"], box["data-when-value"]) == (first, "做")
    assert "做内镜吗？" in page.find(id=field["aria-describedby"].split()[0]).text
    assert "required" not in field.attrs
    assert "optional" not in box.text
    assert len(page.select("[data-when]")) == 1


def test_departments_are_suggested(form):
    page = form[0]
    field = page.select_one("input[list]")
    assert len(page.find(id=field["list"]).select("option")) > 10


def test_the_server_asks_again_for_what_became_visible(client, form):
    page, data, first, second = form
    response = post(client, page["action"], data | {first: "做", second: ""})
    assert response.status_code == 422
    assert soup(response).select_one(".summary a")["href"] == f"#f-{second}"
    assert main_of(response).select_one("input[checked]")["value"] == "做"
    assert post(client, page["action"], data | {first: "做", second: "3"}).status_code == 302
    assert AnswerSet.objects.get().answers == {first: "做", second: 3}


def test_what_was_typed_into_a_question_that_is_not_for_one_is_dropped(client, form):
    page, data, first, second = form
    assert post(client, page["action"], data | {first: "不做", second: "x"}).status_code == 302
    assert AnswerSet.objects.get().answers == {first: "不做"}
