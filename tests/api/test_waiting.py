"""While staff review there is nothing to do; a question is the reader's turn; a narrower audience is kept."""

from __future__ import annotations

import pytest

from gate.verification.submission import submit_verification
from tests.api.test_gate import assert_problem
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    allow_credentials,
    answers_to,
    application,
    approve,
    credential,
    gated_zone,
    reviewer,
    steps_of,
    take_steps,
    verification_in,
)

pytestmark = pytest.mark.django_db

VERIFICATION = "/api/v1/gate/verification"


@pytest.fixture
def reader(client):
    user = allow_credentials(UserFactory())
    client.force_login(user)
    return user


@pytest.fixture
def zone():
    return gated_zone("agreement", "verification", "survey")


def state_of(client, zone):
    return client.get(f"/api/v1/gate/zones/{zone.slug}").json()


def marks(state) -> dict[str, str]:
    return {step["kind"]: step["state"] for step in state["steps"]}


def hand_in(client, zone, **changes):
    data = application() | {"zone": zone.slug, "credentials": [credential()]} | changes
    return client.post(VERIFICATION, data)


class TestUnderReview:
    @pytest.fixture(params=["submitted", "in_review"])
    def waiting(self, request, zone, reader):
        take_steps(reader, zone, until="verification")
        return verification_in(request.param, reader, zone=zone)

    def test_nothing_is_the_readers_to_do(self, client, zone, waiting):
        state = state_of(client, zone)
        assert (state["reason"], state["next_step"]) == ("pending_review", None)
        assert marks(state) == {"agreement": "done", "verification": "waiting", "survey": "todo"}
        survey = next(step for step in state["steps"] if step["kind"] == "survey")
        assert state["minutes_left"] == survey["minutes"]

    def test_the_locked_article_says_so_too(self, client, zone, waiting):
        article = ArticlePageFactory(parent=zone)
        locked = client.get(f"/api/v1/articles/{article.uuid}").json()["locked"]
        assert (locked["reason"], locked["next_step"]) == ("pending_review", None)
        assert marks(locked)["verification"] == "waiting"

    def test_handing_in_again_has_a_problem_of_its_own(self, client, zone, waiting):
        for answer in (hand_in(client, zone), client.post(VERIFICATION, application())):
            problem = assert_problem(answer, 409, "under_review")
            assert problem["next_step"] is None

    def test_so_has_a_step_that_waits_for_the_review(self, client, zone, waiting):
        survey = steps_of(zone)["survey"]
        body = {"version": survey.questionnaire.versions.get().pk, "answers": {}}
        address = f"/api/v1/gate/zones/{zone.slug}/steps/"
        for step_id, data in ((survey.pk, body), (0, {})):
            answer = client.post(f"{address}{step_id}", data, content_type="application/json")
            assert assert_problem(answer, 409, "under_review")["next_step"] is None


def test_a_question_is_the_readers_turn(client, zone, reader):
    take_steps(reader, zone, until="verification")
    case = verification_in("needs_answer", reader, zone=zone)
    state = state_of(client, zone)
    assert (state["reason"], marks(state)["verification"]) == ("pending_review", "now")
    assert state["next_step"]["url"] == f"{VERIFICATION}/answer"
    article = ArticlePageFactory(parent=zone)
    locked = client.get(f"/api/v1/articles/{article.uuid}").json()["locked"]
    assert locked["message"] == state["message"]
    answer = client.post(state["next_step"]["url"], {"answer": "见附件。"})
    assert answer.status_code == 200, answer.content
    case.refresh_from_db()
    assert case.state == "in_review"
    assert state_of(client, zone)["next_step"] is None


def test_a_change_under_review_closes_nothing(client, zone):
    user = admitted_reader(zone)
    client.force_login(user)
    submit_verification(user=user, data=application(institution="另一家医院"), files=[credential()])
    state = state_of(client, zone)
    assert (state["allowed"], marks(state)["verification"]) == (True, "done")


class TestTheDocumentedLoop:
    """docs/howto/build-a-front-end.md: draw the step that is `now`, post to its `url`, draw what comes."""

    def bodies(self, step):
        match step["kind"]:
            case "agreement" | "consent" | "separate_consent":
                return {"version": step["agreement"]["version"], "decision": "agreed"}
            case "profile" | "survey":
                from gate.models import QuestionnaireVersion

                version = QuestionnaireVersion.objects.get(pk=step["questionnaire"]["version"])
                return {"version": version.pk, "answers": answers_to(version)}
            case "enter":
                return {}
        raise AssertionError(step["kind"])

    def walk(self, client, reader, article):
        """Until the article opens; the audiences of the states on the way."""
        locked = client.get(f"/api/v1/articles/{article.uuid}").json()["locked"]
        state = client.get(locked["gate"]).json()
        audiences = []
        for _turn in range(12):
            audiences.append(state["audience"])
            if state["allowed"]:
                break
            step = next((step for step in state["steps"] if step["state"] == "now"), None)
            if step is None:
                assert "waiting" in marks(state).values()
                approve(case=reader.verifications.get(), reviewer=reviewer())
                state = client.get(locked["gate"]).json()
            elif step["kind"] == "verification":
                answer = client.post(step["url"], application() | {"credentials": [credential()]})
                assert answer.status_code == 201, answer.content
                state = client.get(locked["gate"]).json()
            else:
                assert step["url"] == state["next_step"]["url"]
                answer = client.post(step["url"], self.bodies(step), content_type="application/json")
                assert answer.status_code == 200, answer.content
                state = answer.json()
        assert client.get(f"/api/v1/articles/{article.uuid}").json()["locked"] is None
        return audiences

    @pytest.mark.parametrize("audience", ["registered", "public", "hcp"])
    @pytest.mark.parametrize(
        "kinds",
        [
            ("agreement", "consent", "profile", "survey", "verification"),
            ("verification", "agreement"),
            ("agreement",),
            (),
        ],
    )
    def test_ends_where_an_article_for_fewer_people_opens(self, client, reader, audience, kinds):
        zone = gated_zone(*kinds, audience=audience) if kinds else gated_zone("agreement", audience=audience)
        if not kinds:
            steps_of(zone)["agreement"].delete()
        article = ArticlePageFactory(parent=zone, audience="hcp")
        assert set(self.walk(client, reader, article)) == {"hcp"}

    def test_a_step_refused_on_the_way_names_the_next_one_for_the_article(self, client, reader):
        zone = gated_zone("agreement", "profile", audience="registered")
        steps = steps_of(zone)
        take_steps(reader, zone)
        address = f"/api/v1/gate/zones/{zone.slug}/steps/{steps['profile'].pk}"
        version = steps["profile"].questionnaire.versions.get()
        body = {"version": version.pk, "answers": answers_to(version)}
        for query, expected in (("?audience=hcp", VERIFICATION), ("", None)):
            answer = client.post(address + query, body, content_type="application/json")
            problem = assert_problem(answer, 409, "already_decided")
            assert (problem["next_step"] or {}).get("url") == expected
