"""`/api/v1/me/consents`: decisions, receipts, withdrawal; `/api/v1/consent-receipts/verify`."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from gate.consent.agreements import publish_agreement
from gate.decision.access import Access
from gate.decision.facts import Reason
from gate.models import ConsentRecord
from tests.api.golden import assert_shape
from tests.factories.gate import UserFactory, admitted_reader, gated_zone, steps_of

pytestmark = pytest.mark.django_db

VERIFY = "/api/v1/consent-receipts/verify"


@pytest.fixture
def zone():
    return gated_zone("agreement", "separate_consent", audience="registered", slug="z", title="消化专区")


@pytest.fixture
def reader(client, zone):
    user = admitted_reader(zone)
    client.force_login(user)
    return user


def items(client):
    response = client.get("/api/v1/me/consents")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert_shape(response.json(), "ConsentList")
    return response.json()["items"]


def test_the_list_is_for_whoever_is_signed_in(client):
    assert client.get("/api/v1/me/consents").status_code == 401
    client.force_login(UserFactory())
    assert items(client) == []
    assert client.get("/api/v1/me/consents?user=1").status_code == 400


def test_each_decision_has_its_version_its_receipt_and_its_withdrawal(client, reader):
    sharing, identity = items(client)
    assert (sharing["kind"], identity["kind"]) == ("sharing", "identity")
    assert identity["zone"] == {"slug": "z", "title": "消化专区"}
    assert (identity["decision"], identity["number"], identity["earlier"]) == ("agreed", 1, [])
    receipt = client.get(identity["receipt"])
    assert receipt["Content-Disposition"].startswith("attachment")
    assert receipt["Cache-Control"] == "private, no-store"
    assert_shape(receipt.json(), "ConsentReceipt")
    assert receipt.json()["record_id"] == identity["id"]


def test_withdrawing_closes_with_the_next_request(client, zone, reader):
    identity = items(client)[1]
    response = client.post(identity["withdraw"], {}, content_type="application/json")
    assert response.status_code == 200
    assert_shape(response.json(), "ConsentList")
    latest = response.json()["items"][0]
    assert (latest["decision"], latest["withdraw"], len(latest["earlier"])) == ("withdrawn", None, 1)
    assert Access(reader).decide(zone.pk, "registered").reason == Reason.WITHDRAWN
    again = client.post(identity["withdraw"], {}, content_type="application/json")
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "already_decided")
    assert ConsentRecord.objects.filter(decision="withdrawn").count() == 1


def test_withdrawing_an_old_version_while_a_new_one_waits(client, zone, reader):
    agreement = steps_of(zone)["agreement"].agreement
    agreement.draft_text = "<p>新文本。</p>"
    agreement.save()
    publish_agreement(agreement=agreement, by=None, asks_again=True)
    identity = items(client)[1]
    assert identity["awaits_decision"] is True
    client.post(identity["withdraw"], {}, content_type="application/json")
    (entry,) = (item for item in items(client) if item["kind"] == "identity")
    assert (entry["decision"], entry["number"], entry["awaits_decision"]) == ("withdrawn", 1, True)
    state = client.get("/api/v1/gate/zones/z").json()
    assert state["reason"] == "agreement_required"
    assert state["steps"][0]["decision"] is None


def test_nobody_reads_or_withdraws_what_is_somebody_elses(client, reader):
    identity = items(client)[1]
    client.force_login(UserFactory())
    for consent in (identity["id"], uuid4()):
        address = f"/api/v1/me/consents/{consent}"
        assert client.get(f"{address}/receipt").status_code == 404
        post = client.post(f"{address}/withdrawal", {}, content_type="application/json")
        assert (post.status_code, post.json()["type"].rpartition("/")[2]) == (404, "not_found")
    client.logout()
    assert client.get(identity["receipt"]).status_code == 401
    assert client.post(identity["withdraw"], {}, content_type="application/json").status_code == 401


def test_a_withdrawal_takes_no_field(client, reader):
    identity = items(client)[1]
    response = client.post(identity["withdraw"], {"decided_at": "x"}, content_type="application/json")
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "decided_at")
    assert not ConsentRecord.objects.filter(decision="withdrawn").exists()


def test_a_receipt_is_checked_without_an_account(client, reader):
    receipt = client.get(items(client)[1]["receipt"]).json()
    client.logout()
    answer = client.post(VERIFY, receipt, content_type="application/json")
    assert_shape(answer.json(), "ReceiptVerdict")
    assert (answer.json()["verdict"], answer.json()["receipt"]["record_id"]) == (
        "genuine",
        receipt["record_id"],
    )
    receipt["events"][0]["decision"] = "refused"
    answer = client.post(VERIFY, receipt, content_type="application/json").json()
    assert (answer["verdict"], answer["genuine"], answer["receipt"]) == ("altered", False, None)
    assert_shape(answer, "ReceiptVerdict")
    key = client.get(VERIFY).json()
    assert_shape(key, "ReceiptKey")
    assert key == answer["key"]


@pytest.mark.parametrize("body", [{}, {"signature": {"value": "一"}}, {"events": []}])
def test_what_is_no_receipt_is_an_answer_and_not_an_error(client, body):
    answer = client.post(VERIFY, json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["verdict"]) == (200, "not_a_receipt")


def test_a_step_for_an_old_version_says_what_changed(client, zone):
    client.force_login(UserFactory())
    step = steps_of(zone)["agreement"]
    old = step.agreement.versions.get()
    step.agreement.draft_text = "<p>请确认。</p><p>&lt;img src=x onerror=alert(1)&gt;</p>"
    step.agreement.save()
    publish_agreement(agreement=step.agreement, by=None)
    response = client.post(
        f"/api/v1/gate/zones/z/steps/{step.pk}",
        {"decision": "agreed", "version": old.pk},
        content_type="application/json",
    )
    assert response.status_code == 409
    assert_shape(response.json(), "Problem")
    assert response.json()["changes"] == {
        "from": 1,
        "to": 2,
        "passages": [{"kind": "added", "text": "<img src=x onerror=alert(1)>"}],
        "more": 0,
    }


def test_the_state_says_what_changed_for_who_is_asked_again(client, zone, reader):
    assert client.get("/api/v1/gate/zones/z").json()["steps"][0]["agreement"]["changes"] is None
    agreement = steps_of(zone)["agreement"].agreement
    agreement.draft_text = "<p>新文本。</p>"
    agreement.save()
    publish_agreement(agreement=agreement, by=None, asks_again=True)
    state = client.get("/api/v1/gate/zones/z").json()
    assert_shape(state, "GateState")
    kinds = [passage["kind"] for passage in state["steps"][0]["agreement"]["changes"]["passages"]]
    assert kinds == ["removed", "added"]
