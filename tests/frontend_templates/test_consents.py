"""Receipts on the site, checking them, withdrawing an old version, and changing one's mind."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gate.consent.agreements import publish_agreement
from gate.consent.receipts import receipt_of
from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.models import ConsentRecord
from tests.factories.gate import UserFactory, admitted_reader, gated_zone, steps_of
from tests.frontend_templates.pages import filled, form_of, get, main_of, post, screen, soup

pytestmark = pytest.mark.django_db

VERIFY = "/consent-receipts/verify/"


@pytest.fixture
def zone():
    return gated_zone("agreement", "separate_consent", audience="registered", slug="z", title="消化专区")


@pytest.fixture
def reader(client, zone):
    user = admitted_reader(zone)
    client.force_login(user)
    return user


def record_of_kind(user, kind):
    return ConsentRecord.objects.filter(user=user, version__agreement__kind=kind).latest("pk")


def new_version(zone, kind, text):
    agreement = steps_of(zone)[kind].agreement
    agreement.draft_text = text
    agreement.save()
    return publish_agreement(agreement=agreement, by=None, asks_again=True)


def test_the_receipt_shows_the_exact_text(client, zone, reader):
    record = record_of_kind(reader, "identity")
    page = get(client, "/me/").content.decode()
    assert f"/me/consents/{record.uuid}/" in page
    new_version(zone, "agreement", "<p>以后的文本。</p>")
    response = get(client, f"/me/consents/{record.uuid}/")
    main = main_of(response)
    assert response["Cache-Control"] == "private, no-store"
    assert main.select_one(".shown p").text == "请确认。"
    assert "以后的文本" not in main.text
    assert record.version.sha256 in main.text
    assert main.select_one(".state")["data-decision"] == "agreed"
    assert main.select_one("a[download]")["href"] == f"/api/v1/me/consents/{record.uuid}/receipt"


def test_nobody_elses_receipt_is_found(client, reader):
    record = record_of_kind(reader, "identity")
    client.logout()
    assert get(client, f"/me/consents/{record.uuid}/").status_code == 302
    client.force_login(UserFactory())
    for consent in (record.uuid, uuid4()):
        assert get(client, f"/me/consents/{consent}/").status_code == 404


def test_an_old_version_is_withdrawn_while_the_new_one_waits(client, zone, reader):
    record = record_of_kind(reader, "identity")
    new_version(zone, "agreement", "<p>新文本。</p>")
    main = main_of(get(client, "/me/"))
    assert "A new version of this text waits" in main.text
    form = main.find("form", action=f"/me/consents/{record.uuid}/withdraw/")
    post(client, form["action"], filled(form))
    assert record_of_kind(reader, "identity").decision == "withdrawn"
    assert Access(reader).decide(zone.pk, "registered").reason == Reason.AGREEMENT_REQUIRED
    assert screen(get(client, "/gate/z/")) == "gate/agreement"


def test_who_is_asked_again_sees_what_changed_as_text(client, zone, reader):
    new_version(zone, "agreement", "<p>请确认。</p><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    response = get(client, "/gate/z/")
    (item,) = main_of(response).select(".changes li")
    assert item["data-change"] == "added"
    assert item.ins.text == "<script>alert(1)</script>"
    assert not item.find("script")


def test_a_separate_consent_is_declined_and_given_later(client, zone):
    user = UserFactory()
    client.force_login(user)
    page = get(client, "/gate/z/")
    page = post(client, form_of(page)["action"], filled(form_of(page), decision="agreed"), follow=True)
    assert screen(page) == "gate/separate_consent"
    assert "stands by itself" in main_of(page).text
    post(client, form_of(page)["action"], filled(form_of(page), decision="skipped"), follow=True)
    assert Access(user).decide(zone.pk, "registered").allowed
    again = main_of(get(client, "/me/")).select_one("a[href^='/gate/z/?step=']")
    page = get(client, again["href"])
    assert screen(page) == "gate/separate_consent"
    post(client, form_of(page)["action"], filled(form_of(page), decision="agreed"))
    assert record_of_kind(user, "sharing").decision == "agreed"
    assert screen(get(client, again["href"])) == "gate/admitted"  # agreed to: nothing left to decide


@pytest.mark.parametrize("step", ["", "x", "0", "999999", "９"])
def test_a_step_that_there_is_not_opens_nothing(client, reader, step):
    assert screen(get(client, f"/gate/z/?step={step}")) == "gate/admitted"


class TestChecking:
    def verdict(self, client, text):
        return main_of(post(client, VERIFY, {"receipt": text}))

    def test_it_needs_no_account(self, client, reader):
        text = json.dumps(receipt_of(record_of_kind(reader, "identity")))
        client.logout()
        assert get(client, VERIFY).status_code == 200
        main = self.verdict(client, text)
        assert "This receipt is genuine" in main.text
        assert "身份声明" in main.select_one(".facts").text

    def test_a_file_does_as_well(self, client, reader):
        text = json.dumps(receipt_of(record_of_kind(reader, "identity")), ensure_ascii=False, indent=1)
        upload = SimpleUploadedFile("receipt.json", text.encode(), content_type="application/json")
        main = main_of(post(client, VERIFY, {"file": upload}))
        assert "This receipt is genuine" in main.text

    def test_a_changed_one_is_called_so(self, client, reader):
        receipt = receipt_of(record_of_kind(reader, "identity"))
        receipt["events"][0]["decision"] = "refused"
        assert "was changed" in self.verdict(client, json.dumps(receipt)).text

    def test_a_name_given_twice_is_refused(self, client, reader):
        text = json.dumps(receipt_of(record_of_kind(reader, "identity")))
        twice = text.replace("{", '{"record_id": "another", ', 1)
        response = post(client, VERIFY, {"receipt": twice})
        assert response.status_code == 422
        assert "genuine" not in main_of(response).text

    @pytest.mark.parametrize("text", ["", "x", "[]", "7", "{", "[" * 100_000, '"' + "x" * 300_000 + '"'])
    def test_anything_else_is_told_beside_the_field(self, client, text):
        response = post(client, VERIFY, {"receipt": text})
        assert response.status_code == 422
        assert soup(response).select_one("#f-receipt")["aria-invalid"] == "true"

    def test_what_was_pasted_is_shown_as_text(self, client):
        main = self.verdict(client, "</textarea><script>alert(1)</script>")
        assert not main.find("script")
        assert "alert(1)" in main.textarea.text
