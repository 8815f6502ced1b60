"""Each state of a reader gives the right screen, with the right texts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gate.models import Admission
from gate.steps.admissions import revoke_admission
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    allow_credentials,
    approve,
    gated_zone,
    permit,
    reviewer,
    steps_of,
    submitted,
    take_steps,
    verification_in,
)
from tests.factories.steps import decide_agreement
from tests.frontend_templates.pages import form_of, get, main_of, screen

pytestmark = pytest.mark.django_db
GATE = "/gate/z/?next=/zones/z/%23b-1"


@pytest.fixture
def zone():
    return gated_zone(slug="z", title="消化专区")


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def refuse(user, zone, decision="refused"):
    step = steps_of(zone)["agreement"]
    version = step.agreement.versions.get().pk
    decide_agreement(user=user, step=step, version_id=version, decision=decision, surface="test")


def test_nobody_in_particular_signs_in_first_and_comes_back(client, zone):
    response = get(client, GATE)
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/gate/z/%3Fnext%3D/zones/z/%2523b-1"


@pytest.mark.parametrize(
    ("until", "name", "step"),
    [
        ("agreement", "gate/agreement", "Step 1 of 5"),
        ("consent", "gate/consent", "Step 2 of 5"),
        ("profile", "gate/questions", "Step 3 of 5"),
        ("survey", "gate/questions", "Step 4 of 5"),
        ("verification", "gate/verification", "Step 5 of 5"),
    ],
)
def test_the_step_whose_turn_it_is(client, zone, reader, until, name, step):
    allow_credentials(reader)
    take_steps(reader, zone, until=until)
    response = get(client, GATE)
    assert screen(response) == name
    assert step in main_of(response).text
    assert response["Cache-Control"] == "private, no-store"


def test_the_agreement_shows_exactly_the_published_version(client, zone, reader):
    version = steps_of(zone)["agreement"].agreement.versions.get()
    main = main_of(get(client, GATE))
    assert main.select_one(".terms").decode_contents() == version.text
    assert main.select_one(".version code")["title"] == f"SHA-256 {version.sha256}"
    assert f"Version {version.number}" in main.text


def test_agreeing_and_refusing_are_of_one_size(client, zone, reader):
    buttons = form_of(get(client, GATE)).select(".pair button")
    assert [(button["name"], button["value"]) for button in buttons] == [
        ("decision", "refused"),
        ("decision", "agreed"),
    ]


def test_refused_says_what_it_means_and_can_be_changed(client, zone, reader):
    refuse(reader, zone)
    response = get(client, GATE)
    assert screen(response) == "gate/refused"
    change = main_of(response).select_one(".pair a.primary")["href"]
    assert screen(get(client, change)) == "gate/agreement"


def test_pending_says_since_when_how_long_and_what_comes(client, zone, reader):
    submitted()  # somebody else, before
    take_steps(reader, zone, until="verification")
    submitted(reader, zone=zone)
    response = get(client, GATE)
    text = main_of(response).text
    assert screen(response) == "gate/pending"
    assert "number 2" in text
    assert "within a working day" in text
    assert reader.email in text
    assert main_of(response).select_one(".waiting time")["datetime"]


def test_the_usual_waiting_time_is_that_of_the_last_decisions(client, zone, reader):
    case = submitted()
    case.submitted_at = timezone.now() - timedelta(hours=5, minutes=10)
    case.save()
    approve(case=case, reviewer=reviewer())
    take_steps(reader, zone, until="verification")
    submitted(reader, zone=zone)
    assert "about 6 hours" in main_of(get(client, GATE)).text  # rounded up


def test_rejected_shows_the_reason_beside_its_field_and_keeps_the_rest(client, zone, reader):
    take_steps(reader, zone, until="verification")
    verification_in("rejected", reader, zone=zone)
    response = get(client, GATE)
    form = form_of(response)
    assert screen(response) == "gate/verification"
    assert "照片不清晰，请重新拍摄。" in main_of(response).text
    assert "看不清编号" in form.select_one("#f-credentials-reviewer").text
    files = form.find("input", type="file")
    assert "f-credentials-reviewer" in files["aria-describedby"]
    assert form.find("input", attrs={"name": "institution"})["value"] == "示例医院"
    assert form.find("option", selected=True)["value"] == "physician"
    assert form.button.text.strip() == "Submit again"


def test_admitted_counts_down_from_the_servers_figure(client, zone):
    client.force_login(admitted_reader(zone))
    response = get(client, GATE)
    main = main_of(response)
    place = main.select_one("[data-countdown]")
    assert screen(response) == "gate/admitted"
    assert (place["data-countdown"], place["data-to"]) == ("5", "/zones/z/#b-1")
    assert b'<meta http-equiv="refresh" content="5;url=/zones/z/#b-1">' in response.content
    assert main.select_one(".actions a.primary")["href"] == "/zones/z/#b-1"


def test_the_countdown_can_be_stopped(client, zone):
    client.force_login(admitted_reader(zone))
    stay = main_of(get(client, GATE)).select_one(".actions a.quiet")["href"]
    response = get(client, stay)
    assert screen(response) == "gate/admitted"
    assert not main_of(response).select("[data-countdown]")
    assert b"refresh" not in response.content


def test_an_expired_verification_is_explained_before_it_is_asked_for_again(client, zone):
    user = admitted_reader(zone)
    user.verifications.update(expires_at=timezone.now() - timedelta(days=1))
    client.force_login(user)
    response = get(client, GATE)
    main = main_of(response)
    assert screen(response) == "gate/ended"
    assert main.h1.text.strip() == "Your verification has expired"
    assert screen(get(client, main.select_one(".pair a.primary")["href"])) == "gate/verification"


def test_an_expired_admission_is_one_tap(client, zone):
    user = admitted_reader(zone)
    Admission.objects.update(expires_at=timezone.now() - timedelta(days=1))
    client.force_login(user)
    response = get(client, GATE)
    assert screen(response) == "gate/ended"
    client.post(form_of(response)["action"], {"next": "/zones/z/"})
    assert screen(get(client, GATE)) == "gate/admitted"


def test_a_revoked_verification_shows_the_reason(client, zone, reader):
    take_steps(reader, zone, until="verification")
    verification_in("revoked", reader, zone=zone)
    response = get(client, GATE)
    assert screen(response) == "gate/ended"
    assert "执业证书已注销。" in main_of(response).text


def test_a_zone_that_staff_closed_offers_no_step(client, zone):
    user = admitted_reader(zone)
    revoke_admission(user=user, zone=zone, by=_manager(), reason="误入")
    client.force_login(user)
    response = get(client, GATE)
    assert screen(response) == "gate/ended"
    assert main_of(response).h1.text.strip() == "This zone is closed to you"
    assert not main_of(response).find_all("form")


def test_withdrawn_can_be_agreed_to_again(client, zone):
    user = admitted_reader(zone)
    refuse(user, zone, decision="withdrawn")
    client.force_login(user)
    response = get(client, GATE)
    assert main_of(response).h1.text.strip() == "You withdrew your agreement"
    again = main_of(response).select_one(".pair a.primary")["href"]
    assert screen(get(client, again)) == "gate/agreement"


def test_a_public_zone_has_nothing_to_pass(client, reader):
    gated_zone("agreement", slug="open", audience="public")
    response = get(client, "/gate/open/?next=/zones/open/")
    assert (response.status_code, response["Location"]) == (302, "/zones/open/")


def test_the_gate_of_an_article_that_is_for_fewer_people_than_its_zone(client, reader):
    zone = gated_zone("agreement", slug="open", audience="public")
    article = ArticlePageFactory(parent=zone, audience="hcp")
    response = get(client, f"/gate/open/?next=/articles/{article.uuid}/")
    assert screen(response) == "gate/agreement"
    assert "Step 1 of 2" in main_of(response).text


def test_an_unknown_zone_is_a_404(client, reader):
    assert get(client, "/gate/none/").status_code == 404


def _manager():
    return permit(UserFactory(), "gate.change_zonegate")
