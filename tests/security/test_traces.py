"""Logs and addresses hold no personal data and no tokens, whatever a user does on the way through."""

from __future__ import annotations

import logging
import re

import pytest
from django.core import mail
from django.urls import reverse

from gate.models import User
from gate.privacy.erasure import erase_due
from tests.factories.gate import (
    PASSWORD,
    allow_credentials,
    application,
    credential,
    gated_zone,
    reviewer,
    steps_of,
)
from tests.frontend_templates.pages import code_in

pytestmark = pytest.mark.django_db

EMAIL, NAME, LICENCE = "liuxu.trace@example.org", "柳絮痕", "110110000000017"
TRACES = (EMAIL, "liuxu.trace", NAME, LICENCE, PASSWORD)
TOKEN = re.compile(r"sessionid|csrftoken|[A-Za-z0-9]{32,}\.[A-Za-z0-9]")


@pytest.fixture
def seen(client, monkeypatch):
    """Every address that was asked for or sent to."""
    addresses: list[str] = []
    original = client.request

    def request(**kwargs):
        response = original(**kwargs)
        query = kwargs.get("QUERY_STRING", "")
        addresses.extend([kwargs["PATH_INFO"], str(query), response.get("Location", "")])
        return response

    monkeypatch.setattr(client, "request", request)
    return addresses


def test_the_whole_way_leaves_no_trace(client, caplog, seen, django_capture_on_commit_callbacks):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # its lines are the rows themselves
    zone = gated_zone("agreement", "verification", slug="z")
    boss = reviewer()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/signup/", {"email": EMAIL, "password1": PASSWORD})
        user = User.objects.get(email=EMAIL)
        client.post("/accounts/confirm-email/", {"code": code_in(mail.outbox[-1])})
        client.post("/me/data/", {"display_name": NAME, "locale": "zh-hans"})
        step = steps_of(zone)["agreement"]
        version = step.agreement.versions.get()
        client.post(f"/gate/z/steps/{step.pk}/", {"version": version.pk, "decision": "agreed"})
        form = application(full_name=NAME, licence_number=LICENCE)
        allow_credentials(user)
        client.post("/gate/verification/", form | {"credentials": credential(), "zone": "z"})
        case = user.verifications.get()
        client.post("/accounts/login/", {"login": EMAIL, "password": "wrong " + PASSWORD})
        client.post("/accounts/password/reset/", {"email": EMAIL})
    client.force_login(boss)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(reverse("gate_desk:queue"))
        client.get(reverse("gate_desk:case", args=[case.uuid]))
        client.post(reverse("gate_desk:claim", args=[case.uuid]))
        row = case.credentials.get()
        client.post(reverse("gate_desk:reveal", args=[case.uuid, row.uuid]), follow=True)
    client.force_login(user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        b"".join(client.post("/me/data/export/").streaming_content)
        client.post("/me/data/erasure/confirm/")
    User.objects.filter(pk=user.pk).update(erasure_due_at="2020-01-01T00:00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_due() == 1
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "'route': 'me/data/'" in logged, "the log was read at all"
    for trace in TRACES:
        assert trace not in logged, trace
        assert not [address for address in seen if trace in address], trace
    assert not [address for address in seen if TOKEN.search(address)]
