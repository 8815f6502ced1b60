"""The admin screens in which staff set up gates."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.models import (
    Agreement,
    AgreementVersion,
    AuditEvent,
    GateStep,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    ZoneGate,
    ZoneUserObjectPermission,
)
from gate.people.grants import Right, grant, has_right
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    agreement_version,
    credential_text,
    gated_zone,
    permit,
    questionnaire_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="管理员"))
    client.force_login(user)
    return user


def test_each_list_opens(client, administrator):
    gated_zone()
    for name in ("gates", "agreements", "questionnaires", "person_grants", "group_grants"):
        assert client.get(reverse(f"gate_{name}:index")).status_code == 200


def test_readers_do_not_get_in(client):
    client.force_login(permit(UserFactory(), "wagtailadmin.access_admin"))
    zone = gated_zone("agreement")
    agreement = Agreement.objects.get()
    for url in (
        reverse("gate_gates:index"),
        reverse("gate_gates:edit", args=[zone.pk]),
        reverse("gate_agreements:edit", args=[agreement.pk]),
        reverse("gate_agreements:versions", args=[agreement.pk]),
        reverse("gate_person_grants:add"),
    ):
        response = client.get(url)
        assert response.status_code in (302, 403)
        assert response.get("Location") in (None, "/admin/")


def agreement_form(**changes):
    data = {
        "title": "身份声明",
        "kind": "identity",
        "locale": "zh-hans",
        "draft_text": rich_text("<p>请确认身份。</p>"),
        "draft_links": inline_formset([{"label": "隐私政策", "url": "https://example.org/privacy"}]),
    }
    return nested_form_data(data | changes)


def test_an_agreement_is_written_published_and_frozen(client, administrator):
    client.post(reverse("gate_agreements:add"), agreement_form())
    agreement = Agreement.objects.get()
    versions = reverse("gate_agreements:versions", args=[agreement.pk])
    preview = reverse("gate_agreements:preview", args=[agreement.pk])
    assert preview in client.get(versions).content.decode()
    assert "请确认身份。" in client.get(preview).content.decode()
    assert client.post(versions, {"asks_again": "on"}).status_code == 302
    version = AgreementVersion.objects.get()
    assert (version.number, version.links) == (
        1,
        [{"label": "隐私政策", "url": "https://example.org/privacy"}],
    )
    assert version.published_by == administrator
    again = client.post(versions, {"asks_again": "on"})
    assert again.status_code == 200
    assert AgreementVersion.objects.count() == 1
    assert version.sha256[:8] in again.content.decode()


def test_a_draft_is_previewed_as_readers_will_see_it_and_versions_as_they_were(client, administrator):
    version = agreement_version("sharing", text="<p>第一版。</p>", title="信息共享")
    agreement = version.agreement
    agreement.draft_text = '<p>第二版。</p><p onclick="x()">更多<script>alert(1)</script></p>'
    agreement.save()
    draft = client.get(reverse("gate_agreements:preview", args=[agreement.pk]))
    assert draft["X-Frame-Options"] == "SAMEORIGIN"
    assert draft.templates[0].name == "frontend_templates/gate/separate_consent.html"
    page = draft.content.decode()
    assert "第二版。" in page
    assert "第一版。" not in page
    assert "onclick" not in page
    assert "<fieldset" in page
    assert "disabled" in page
    old = reverse("gate_agreements:preview_version", args=[agreement.pk, 1])
    assert "第一版。" in client.get(old).content.decode()
    assert client.get(reverse("gate_agreements:preview_version", args=[agreement.pk, 2])).status_code == 404
    versions = client.get(reverse("gate_agreements:versions", args=[agreement.pk])).content.decode()
    assert old in versions
    assert version.sha256 in versions
    assert "<del>第一版。</del>" in versions
    assert "<ins>第二版。</ins>" in versions
    assert AgreementVersion.objects.count() == 1


def test_a_preview_is_for_those_who_write_or_publish(client):
    agreement = agreement_version().agreement
    for address in (
        reverse("gate_agreements:preview", args=[agreement.pk]),
        reverse("gate_agreements:preview_version", args=[agreement.pk, 1]),
    ):
        client.force_login(permit(UserFactory(), "wagtailadmin.access_admin"))
        assert client.get(address).status_code in (302, 403)
        publisher = permit(UserFactory(), "wagtailadmin.access_admin", "gate.publish_agreement")
        client.force_login(publisher)
        assert client.get(address).status_code == 200


def test_publishing_needs_its_own_permission(client):
    user = permit(
        UserFactory(),
        "wagtailadmin.access_admin",
        "gate.change_agreement",
        "gate.view_agreement",
    )
    client.force_login(user)
    agreement = Agreement.objects.create(kind="identity", title="声明", draft_text="<p>文</p>")
    versions = reverse("gate_agreements:versions", args=[agreement.pk])
    assert versions not in client.get(reverse("gate_agreements:edit", args=[agreement.pk])).content.decode()
    client.post(versions, {"asks_again": "on"})
    assert not AgreementVersion.objects.exists()


def test_what_was_published_cannot_be_deleted(client, administrator):
    agreement = agreement_version().agreement
    client.post(reverse("gate_agreements:delete", args=[agreement.pk]))
    assert Agreement.objects.filter(pk=agreement.pk).exists()


def test_a_questionnaire_is_composed_and_published(client, administrator):
    data = {
        "title": "完善信息",
        "kind": "profile",
        "introduction": "",
        "questions": inline_formset(
            [
                {"text": "专业？", "kind": "single", "choices": "内科\n外科", "required": "on", "ORDER": "2"},
                {"text": "年限？", "kind": "number", "choices": "", "consent_bound": "on", "ORDER": "1"},
            ]
        ),
    }
    client.post(reverse("gate_questionnaires:add"), nested_form_data(data))
    questionnaire = Questionnaire.objects.get()
    versions = reverse("gate_questionnaires:versions", args=[questionnaire.pk])
    preview = reverse("gate_questionnaires:preview", args=[questionnaire.pk])
    assert preview in client.get(versions).content.decode()
    assert client.get(preview).content.decode().count('type="radio"') == 2
    client.post(versions, {})
    version = QuestionnaireVersion.objects.get()
    assert [question["text"] for question in version.questions] == ["年限？", "专业？"]
    assert (version.requires_consent, version.asks_again) == ("some", False)


def test_a_choice_without_choices_is_not_published(client, administrator):
    questionnaire = Questionnaire.objects.create(kind="profile", title="完善信息")
    Question.objects.create(questionnaire=questionnaire, text="专业？", kind="single", choices="内科")
    response = client.post(reverse("gate_questionnaires:versions", args=[questionnaire.pk]), {})
    assert "专业？" in response.content.decode()
    assert not QuestionnaireVersion.objects.exists()


def questions_form(*rows, initial=0):
    data = {"title": "收集问题", "kind": "survey", "introduction": ""}
    return nested_form_data(data | {"questions": inline_formset(list(rows), initial=initial)})


def test_a_condition_between_two_new_questions_is_published(client, administrator):
    first, second = str(uuid4()), str(uuid4())
    client.post(
        reverse("gate_questionnaires:add"),
        questions_form(
            {"text": "抽烟吗？", "kind": "single", "choices": "是\n否", "key": first, "ORDER": "1"},
            {
                "text": "几年？", "kind": "number", "key": second, "ORDER": "2",
                "condition_question": first, "condition_value": "是",
            },
        ),
    )  # fmt: skip
    questionnaire = Questionnaire.objects.get()
    client.post(reverse("gate_questionnaires:versions", args=[questionnaire.pk]), {})
    version = QuestionnaireVersion.objects.get()
    assert version.questions[1]["shown_when"] == {"question": first, "value": "是"}
    assert first in client.get(reverse("gate_questionnaires:edit", args=[questionnaire.pk])).content.decode()


def test_a_published_version_is_shown_as_it_was(client, administrator):
    version = questionnaire_version("survey", questions=[{"text": "旧的问法？"}])
    version.questionnaire.questions.update(text="新的问法？")
    pk = version.questionnaire_id
    old = reverse("gate_questionnaires:preview_version", args=[pk, 1])
    assert old in client.get(reverse("gate_questionnaires:versions", args=[pk])).content.decode()
    page = client.get(old)
    assert "旧的问法？" in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "新的问法？" in client.get(reverse("gate_questionnaires:preview", args=[pk])).content.decode()
    assert client.get(reverse("gate_questionnaires:preview_version", args=[pk, 2])).status_code == 404


def test_what_stands_in_the_way_is_said_before_publishing(client, administrator):
    questionnaire = Questionnaire.objects.create(kind="survey", title="收集问题")
    Question.objects.create(questionnaire=questionnaire, text="为何？", condition_question=uuid4())
    versions = reverse("gate_questionnaires:versions", args=[questionnaire.pk])
    assert "“为何？”" in client.get(versions).content.decode()
    assert client.post(versions, {}).status_code == 200
    assert not QuestionnaireVersion.objects.exists()


def test_a_question_keeps_its_key_and_shares_it_with_none(client, administrator):
    questionnaire = Questionnaire.objects.create(kind="survey", title="收集问题")
    row = Question.objects.create(questionnaire=questionnaire, text="姓？", sort_order=0)
    other = str(uuid4())
    saved = {"id": str(row.pk), "text": "姓氏？", "kind": "text", "key": other, "ORDER": "1"}
    new = {"text": "名？", "kind": "text", "key": str(row.key), "ORDER": "2"}
    twin = {"text": "号？", "kind": "text", "key": "", "ORDER": "3"}
    url = reverse("gate_questionnaires:edit", args=[questionnaire.pk])
    client.post(url, questions_form(saved, new, twin, initial=1))
    keys = list(questionnaire.questions.order_by("sort_order").values_list("text", "key"))
    assert keys[0] == ("姓氏？", row.key)
    assert len({key for _text, key in keys}) == 3


def test_the_preview_needs_the_right_to_change_questionnaires(client):
    questionnaire = Questionnaire.objects.create(kind="survey", title="收集问题")
    Question.objects.create(questionnaire=questionnaire, text="机密的草稿？")
    client.force_login(permit(UserFactory(), "wagtailadmin.access_admin"))
    response = client.get(reverse("gate_questionnaires:preview", args=[questionnaire.pk]))
    assert response.status_code in (302, 403)
    assert "机密" not in response.content.decode()


def step_form(kind, order, **subject):
    empty = {"title": "", "agreement": "", "questionnaire": "", "minutes": "1"}
    return empty | {"kind": kind, "ORDER": str(order)} | subject


def save_steps(client, zone, steps, initial=0):
    data = {"admission_days": "90", "steps": inline_formset(steps, initial=initial)}
    return client.post(reverse("gate_gates:edit", args=[zone.pk]), nested_form_data(data))


def test_steps_are_added_and_hold_from_the_next_request(client, administrator):
    zone = gated_zone("agreement")
    GateStep.objects.all().delete()
    reader = UserFactory()
    credential_text()  # without it a gate takes no verification step
    version = agreement_version()
    questions = questionnaire_version()
    save_steps(
        client,
        zone,
        [
            step_form("profile", 2, questionnaire=str(questions.questionnaire_id)),
            step_form("agreement", 1, agreement=str(version.agreement_id)),
            step_form("verification", 3),
        ],
    )
    kinds = GateStep.objects.filter(gate_id=zone.pk).order_by("sort_order").values_list("kind", flat=True)
    assert list(kinds) == ["agreement", "profile", "verification"]
    assert ZoneGate.objects.get(pk=zone.pk).admission_days == 90
    assert Access(reader).decide(zone.pk, "hcp").reason == Reason.AGREEMENT_REQUIRED
    event = AuditEvent.objects.get(action="gate_changed")
    assert (event.actor, len(event.detail["steps"])) == (administrator, 3)


def test_a_new_step_closes_the_zone_for_those_who_were_in(client, administrator):
    zone = gated_zone("verification")
    reader = admitted_reader(zone)
    assert Access(reader).decide(zone.pk, "hcp").allowed
    step = GateStep.objects.get()
    version = agreement_version()
    save_steps(
        client,
        zone,
        [
            step_form("verification", 2) | {"id": str(step.pk)},
            step_form("agreement", 1, agreement=str(version.agreement_id)),
        ],
        initial=1,
    )
    decision = Access(reader).decide(zone.pk, "hcp")
    assert (decision.allowed, decision.reason) == (False, Reason.AGREEMENT_REQUIRED)


@pytest.mark.parametrize("mistake", ["missing", "wrong kind", "unpublished", "twice", "consent last"])
def test_steps_that_cannot_work_are_refused(client, administrator, mistake):
    zone = gated_zone("verification")
    GateStep.objects.all().delete()
    identity = str(agreement_version().agreement_id)
    consent = str(agreement_version("consent").agreement_id)
    draft = str(Agreement.objects.create(kind="identity", title="草稿").pk)
    questions = str(questionnaire_version().questionnaire_id)
    steps = {
        "missing": [step_form("agreement", 1)],
        "wrong kind": [step_form("consent", 1, agreement=identity)],
        "unpublished": [step_form("agreement", 1, agreement=draft)],
        "twice": [
            step_form("agreement", 1, agreement=identity),
            step_form("agreement", 2, agreement=identity),
        ],
        "consent last": [
            step_form("profile", 1, questionnaire=questions),
            step_form("consent", 2, agreement=consent),
        ],
    }[mistake]
    assert save_steps(client, zone, steps).status_code == 200
    assert not GateStep.objects.exists()
    assert not AuditEvent.objects.filter(action="gate_changed").exists()


def grant_form(**changes):
    return {"reason": "媒体合作", "expires_at": "", "right": "read_zone"} | changes


def test_a_right_is_given_with_a_reason_and_taken_back(client, administrator):
    zone = gated_zone("verification")
    press = UserFactory()
    form = grant_form(email=press.email.upper(), content_object=str(zone.pk))
    assert client.post(reverse("gate_person_grants:add"), form | {"reason": ""}).status_code == 200
    assert not ZoneUserObjectPermission.objects.exists()
    client.post(reverse("gate_person_grants:add"), form)
    assert Access(press).decide(zone.pk, "hcp").reason == Reason.GRANTED_BY_STAFF
    row = ZoneUserObjectPermission.objects.get()
    assert row.granted_by == administrator
    assert press.display_name in client.get(reverse("gate_person_grants:index")).content.decode()
    client.post(reverse("gate_person_grants:delete", args=[row.pk]))
    assert not Access(press).decide(zone.pk, "hcp").allowed
    acts = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert [act for act in acts if act.startswith("grant")] == ["grant_given", "grant_revoked"]


def test_nobody_gives_a_right_to_themselves(client, administrator):
    zone = gated_zone("verification")
    form = grant_form(email=administrator.email, content_object=str(zone.pk))
    assert client.post(reverse("gate_person_grants:add"), form).status_code == 200
    assert not ZoneUserObjectPermission.objects.exists()


def test_a_zones_manager_grants_reading_in_that_zone_and_nothing_else(client):
    zone, other = gated_zone("verification"), gated_zone("verification")
    manager = permit(UserFactory(), "wagtailadmin.access_admin")
    grant(user=manager, zone_id=zone.pk, right=Right.GRANT_ACCESS, reason="专区主编", by=None)
    client.force_login(manager)
    press = UserFactory()
    add = reverse("gate_person_grants:add")
    client.post(add, grant_form(email=press.email, content_object=str(other.pk)))
    client.post(add, grant_form(email=press.email, content_object=str(zone.pk), right="review"))
    assert not ZoneUserObjectPermission.objects.filter(user=press).exists()
    client.post(add, grant_form(email=press.email, content_object=str(zone.pk)))
    assert has_right(press, zone.pk, Right.READ)
    own = ZoneUserObjectPermission.objects.get(user=manager)
    client.post(reverse("gate_person_grants:delete", args=[own.pk]))
    assert has_right(manager, zone.pk, Right.GRANT_ACCESS)


def test_a_zones_manager_changes_that_gate_only(client):
    zone, other = gated_zone("verification"), gated_zone("verification")
    manager = permit(UserFactory(), "wagtailadmin.access_admin")
    tomorrow = timezone.now() + timedelta(days=1)
    grant(
        user=manager,
        zone_id=zone.pk,
        right=Right.MANAGE_GATE,
        reason="专区主编",
        by=None,
        expires_at=tomorrow,
    )
    client.force_login(manager)
    listing = client.get(reverse("gate_gates:index")).content.decode()
    assert zone.title in listing
    assert other.title not in listing
    assert client.get(reverse("gate_gates:edit", args=[zone.pk])).status_code == 200
    assert client.get(reverse("gate_gates:edit", args=[other.pk])).status_code == 302
