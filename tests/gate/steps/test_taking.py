"""gate.steps.taking: facts are loaded once, handed on as they would be loaded again, at a constant price."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gate.decision.access import Access
from gate.decision.facts import ENTER_STEP_ID
from gate.decision.selectors import load_rules, load_subject
from gate.decision.step_kinds import Body, StepAnswer, kind_of
from gate.errors import TakenElsewhere, UnknownStep
from gate.models import Admission, AnswerSet, GateStep
from gate.steps import taking
from gate.steps.taking import Taken, take_step
from tests.factories.cms import ZonePageFactory
from tests.factories.gate import (
    UserFactory,
    add_step,
    allow_credentials,
    answers_to,
    application,
    approve,
    card_of,
    credential,
    gated_zone,
    questionnaire_version,
    reviewer,
    steps_of,
    submitted,
    take_steps,
)

pytestmark = pytest.mark.django_db

MOST = 24
KINDS = ("agreement", "consent", "separate_consent", "profile", "survey", "verification")
NAMES = [{"text": "您的单位？", "kind": "institution"}, {"text": "您的科室？", "kind": "department"}]


def answer_to(step: GateStep | None, decision: str = "agreed") -> dict:
    """The body that takes the step; None: entering."""
    if step is None:
        return {}
    if step.agreement is not None:
        return {"version": step.agreement.versions.latest("number").pk, "decision": decision}
    version = step.questionnaire.versions.latest("number")
    return {"version": version.pk, "answers": answers_to(version)}


def take(user, zone, step: GateStep | None, decision: str = "agreed") -> Taken:
    body = answer_to(step, decision)
    answer = StepAnswer(body.get("version"), body.get("decision", ""), body.get("answers", {}), "test")
    step_id = step.pk if step is not None else ENTER_STEP_ID
    return take_step(user=user, zone_id=zone.pk, step_id=step_id, read=lambda turn: answer)


class Door:
    """A client that takes steps and counts the queries of each request."""

    def __init__(self, client, name: str, zone, reader) -> None:
        self.client, self.name, self.zone, self.reader = client, name, zone, reader
        client.force_login(reader)
        client.get(f"/api/v1/gate/zones/{zone.slug}")  # the first request also loads permissions

    def take(self, step: GateStep | None) -> int:
        step_id = step.pk if step is not None else ENTER_STEP_ID
        body = answer_to(step)
        if self.name == "api":
            path = f"/api/v1/gate/zones/{self.zone.slug}/steps/{step_id}"
            return self._count(200, path, body, content_type="application/json")
        form = body | body.pop("answers", {})
        return self._count(302, reverse("site:gate_step", args=[self.zone.slug, step_id]), form)

    def hand_in(self) -> int:
        allow_credentials(self.reader)
        picture = credential(data=card_of(self.reader))
        licence = f"1101{self.reader.pk:011d}"
        form = application(licence_number=licence) | {"zone": self.zone.slug, "credentials": picture}
        if self.name == "api":
            return self._count(201, "/api/v1/gate/verification", form)
        return self._count(302, "/gate/verification/", form)

    def _count(self, status: int, path: str, body: dict, **kwargs) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = self.client.post(path, body, **kwargs)
        assert answer.status_code == status, answer.content
        return len(queries)


def costs(client, name: str, zone) -> dict[str, int]:
    """The queries of taking one step of each kind, of a reader who goes the whole way."""
    reviewer()  # who gets a mail that something waits
    reader, steps = UserFactory(), steps_of(zone)
    door, found = Door(client, name, zone, reader), {}
    for kind in KINDS:
        found[kind] = door.hand_in() if kind == "verification" else door.take(steps[kind])
    approve(case=reader.verifications.get(), reviewer=reviewer())
    rules = load_rules(now=timezone.now(), zone_ids=[zone.pk])[zone.pk].steps
    for rule in rules:
        if rule.id not in {step.pk for step in steps.values()}:
            take(reader, zone, GateStep.objects.get(pk=rule.id))
    assert Access(reader).decide(zone.pk, "hcp").allowed
    Admission.objects.all().delete()
    return found | {"enter": door.take(None)}


def grown(zone) -> None:
    """Three more steps of most kinds, and nineteen more zones with all of them."""
    first = steps_of(zone)
    for kind in ("agreement", "separate_consent", "profile", "survey"):
        for _more in range(3):
            add_step(zone, kind)
    own = list(GateStep.objects.filter(gate_id=zone.pk).order_by("sort_order"))
    # steps_of() knows a kind by its last step: the first ones go behind the others.
    for place, step in enumerate([*first.values(), *[step for step in own if step not in first.values()]]):
        GateStep.objects.filter(pk=step.pk).update(sort_order=place)
    for _zone in range(19):
        other = ZonePageFactory(audience="hcp")
        GateStep.objects.bulk_create(
            GateStep(
                gate_id=other.pk,
                kind=step.kind,
                agreement=step.agreement,
                questionnaire=step.questionnaire,
                sort_order=step.sort_order,
            )
            for step in own
        )


class TestPrice:
    @pytest.mark.parametrize("door", ["site", "api"])
    def test_it_is_small_and_the_same_for_one_zone_and_for_twenty_with_many_steps(
        self, client, door, monkeypatch
    ):
        zone = gated_zone(*KINDS)
        first = steps_of(zone)
        one = costs(client, door, zone)
        assert max(one.values()) <= MOST, one
        grown(zone)
        assert GateStep.objects.count() == 20 * (6 + 12)
        monkeypatch.setattr("tests.gate.steps.test_taking.steps_of", lambda zone: first)
        assert costs(client, door, zone) == one

    @pytest.mark.parametrize("kind", ["agreement", "survey"])
    def test_the_last_step_of_a_verified_reader_is_no_dearer(self, client, kind):
        """What adds queries: the admission, names to suggest, and a request to show."""
        zone = gated_zone("survey" if kind == "agreement" else "agreement", kind, "verification")
        names = questionnaire_version("survey", questions=NAMES).questionnaire
        GateStep.objects.filter(gate_id=zone.pk, kind="survey").update(questionnaire=names)
        reader = UserFactory()
        approve(case=submitted(reader), reviewer=reviewer())
        take_steps(reader, zone, until=kind)
        assert Door(client, "api", zone, reader).take(steps_of(zone)[kind]) <= MOST
        assert Admission.objects.filter(user=reader, zone=zone).exists()

    def test_a_step_while_the_request_is_in_the_queue_is_no_dearer(self, client):
        zone = gated_zone("agreement", "survey", "verification")
        reader = UserFactory()
        take_steps(reader, zone, until="survey")
        submitted(reader, zone=zone)
        assert Door(client, "api", zone, reader).take(steps_of(zone)["survey"]) <= MOST


class TestFactsHandedOn:
    """What take_step() hands on is what loading everything again would give."""

    def check(self, taken: Taken, zone, audience: str) -> None:
        user, facts = taken.facts.user, taken.facts
        assert facts.subject == load_subject(user)
        assert facts.zone == load_rules(now=facts.now, zone_ids=[zone.pk])[zone.pk]
        assert taken.state(zone, audience) == Access(user, now=facts.now).state(zone, audience)

    @pytest.mark.parametrize("consent", ["agreed", "skipped"])
    def test_after_each_step_up_to_the_admission(self, consent):
        zone = gated_zone("agreement", "consent", "separate_consent", "profile", "survey", "verification")
        reader = UserFactory()
        approve(case=submitted(reader), reviewer=reviewer())
        for kind, step in steps_of(zone).items():
            if kind != "verification":
                taken = take(reader, zone, step, consent if kind == "consent" else "agreed")
                self.check(taken, zone, "hcp")
        assert taken.state(zone).decision.allowed
        Admission.objects.all().delete()
        self.check(take(reader, zone, None), zone, "hcp")

    def test_after_a_consent_with_answers_was_withdrawn(self):
        zone = gated_zone("agreement", "consent", "profile", audience="registered")
        reader = UserFactory()
        take_steps(reader, zone)
        assert AnswerSet.objects.get().with_consent
        taken = take(reader, zone, steps_of(zone)["consent"], "withdrawn")
        assert not AnswerSet.objects.get().with_consent
        self.check(taken, zone, "registered")
        assert taken.state(zone).decision.allowed

    @pytest.mark.parametrize("decision", ["refused", "withdrawn"])
    def test_after_a_closing_decision(self, decision):
        zone = gated_zone("agreement", audience="registered")
        reader = UserFactory()
        if decision == "withdrawn":
            take_steps(reader, zone)
        taken = take(reader, zone, steps_of(zone)["agreement"], decision)
        self.check(taken, zone, "registered")
        assert not taken.state(zone).decision.allowed

    def test_of_a_public_zone_before_an_article_for_fewer_people(self):
        zone = gated_zone("agreement", audience="public")
        reader = UserFactory()
        taken = take(reader, zone, steps_of(zone)["agreement"])
        for audience in ("public", "registered", "hcp"):
            self.check(taken, zone, audience)


class TestRefusals:
    def test_a_verification_is_taken_at_its_own_address(self):
        zone = gated_zone("verification")
        with pytest.raises(TakenElsewhere) as refusal:
            take_step(
                user=UserFactory(),
                zone_id=zone.pk,
                step_id=steps_of(zone)["verification"].pk,
                read=lambda turn: StepAnswer(),
            )
        assert refusal.value.kind is kind_of("verification")

    def test_a_step_of_another_zone_is_unknown(self):
        here, there = gated_zone("agreement"), gated_zone("agreement")
        with pytest.raises(UnknownStep):
            take(UserFactory(), here, steps_of(there)["agreement"])

    def test_what_reading_the_answer_raises_leaves_nothing(self):
        zone = gated_zone("agreement")

        def broken(turn):
            assert turn.kind.body == Body.DECISION
            raise ValueError("unreadable")

        reader = UserFactory()
        with pytest.raises(ValueError, match="unreadable"):
            take_step(user=reader, zone_id=zone.pk, step_id=steps_of(zone)["agreement"].pk, read=broken)
        assert not reader.consent_records.exists()

    def test_services_offer_the_same(self):
        assert taking.take_step is take_step
