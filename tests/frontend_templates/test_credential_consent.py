"""The consent before the form of the verification, with forms alone."""

from __future__ import annotations

import pytest

from gate.consent.agreements import publish_agreement
from gate.models import ConsentRecord
from tests.factories.gate import (
    STATEMENT,
    UserFactory,
    allow_credentials,
    application,
    credential,
    credential_text,
    gated_zone,
)
from tests.frontend_templates.pages import filled, form_of, get, main_of, post, screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    return gated_zone("verification", slug="z")


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.mark.parametrize("address", ["/gate/z/", "/gate/verification/"])
def test_the_text_comes_before_the_form_and_leads_to_it(client, reader, zone, address):
    credential_text()
    page = get(client, address)
    assert screen(page) == "gate/credential_consent"
    main = main_of(page)
    assert not main.select("input[type=file]")
    assert [dd.text for dd in main.select(".statement dd")] == list(STATEMENT.values())
    agreed = post(client, form_of(page)["action"], filled(form_of(page), decision="agreed"), follow=True)
    assert screen(agreed) == "gate/verification"
    assert main_of(agreed).select("input[type=file]")
    assert ConsentRecord.objects.get().decision == "agreed"


def test_declining_says_what_it_means_and_can_be_changed(client, reader, zone):
    credential_text()
    page = get(client, "/gate/z/")
    declined = post(client, form_of(page)["action"], filled(form_of(page), decision="skipped"), follow=True)
    assert screen(declined) == "gate/credential_consent"
    assert main_of(declined).select_one("[role=status]")
    assert main_of(declined).select_one("button[value=skipped]").has_attr("disabled")
    agreed = post(
        client, form_of(declined)["action"], filled(form_of(declined), decision="agreed"), follow=True
    )
    assert screen(agreed) == "gate/verification"


def test_a_form_that_was_open_takes_no_file_after_a_withdrawal(client, reader, zone):
    allow_credentials(reader)
    form = form_of(get(client, "/gate/z/"))
    record = ConsentRecord.objects.get()
    withdrawn = post(client, f"/me/consents/{record.uuid}/withdraw/", {}, follow=True)
    assert screen(withdrawn) == "account/me"
    answer = post(client, form["action"], filled(form, **application(), credentials=credential()))
    assert (answer.status_code, screen(answer)) == (409, "gate/credential_consent")
    assert not reader.verifications.exists()


def test_what_was_typed_is_there_again_after_the_consent(client, reader, zone):
    allow_credentials(reader)
    form = form_of(get(client, "/gate/z/"))
    record = ConsentRecord.objects.get()
    post(client, f"/me/consents/{record.uuid}/withdraw/", {}, follow=True)
    typed = application(institution="示例医院（西院）")
    page = post(client, form["action"], filled(form, **typed, credentials=credential()))
    page = post(client, form_of(page)["action"], filled(form_of(page), decision="agreed"), follow=True)
    assert screen(page) == "gate/verification"
    shown = filled(form_of(page))
    assert {name: shown[name] for name in typed} == typed


def test_an_older_text_is_shown_again_with_what_changed(client, reader, zone):
    version = credential_text()
    page = get(client, "/gate/z/")
    version.agreement.purpose = "核实身份与执业地点。"
    version.agreement.save()
    publish_agreement(agreement=version.agreement, by=None)
    answer = post(client, form_of(page)["action"], filled(form_of(page), decision="agreed"))
    assert (answer.status_code, screen(answer)) == (409, "gate/credential_consent")
    assert main_of(answer).select_one(".changes ins")
    assert not ConsentRecord.objects.exists()


def test_without_a_text_the_verification_is_closed(client, reader, zone):
    assert screen(get(client, "/gate/z/")) == "gate/credential_closed"
    assert screen(get(client, "/gate/verification/")) == "gate/credential_closed"


def test_it_is_withdrawn_where_it_was_given(client, reader, zone):
    allow_credentials(reader)
    main = main_of(get(client, "/me/"))
    form = main.select_one("form[action$='/withdraw/']")
    post(client, form["action"], {}, follow=True)
    assert ConsentRecord.objects.latest("pk").decision == "withdrawn"
    link = main_of(get(client, "/me/")).select_one("#consents ~ .record a.button")["href"]
    assert screen(get(client, link)) == "gate/credential_consent"


def test_the_receipt_shows_the_statement(client, reader):
    allow_credentials(reader)
    page = get(client, f"/me/consents/{ConsentRecord.objects.get().uuid}/")
    assert [dd.text for dd in main_of(page).select(".statement dd")] == list(STATEMENT.values())
