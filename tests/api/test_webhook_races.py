"""Two delivery workers at the same moment: each message is sent by one of them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from api.models import Delivery, WebhookEndpoint
from api.webhooks import targets
from api.webhooks.delivery import deliver_due
from api.webhooks.signing_secrets import give_secret
from tests.factories.gate import verification_in
from tests.gate.steps.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_two_workers_deliver_each_message_once(monkeypatch):
    sent = []

    def post(url, body, headers):
        sent.append(headers["webhook-id"])
        return 204

    monkeypatch.setattr(targets, "post", post)
    endpoint = WebhookEndpoint(name="接收方", url="https://hooks.example.org/in")
    give_secret(endpoint)
    endpoint.save()
    verification_in("approved")
    Delivery.objects.update(state=Delivery.State.WAITING, attempts=0, due_at=timezone.now())
    sent.clear()
    waiting = Delivery.objects.count()
    assert waiting >= 2
    arrived = at_once(deliver_due, deliver_due, deliver_due)
    assert sum(arrived) == waiting == len(sent) == len(set(sent))
    assert set(Delivery.objects.values_list("state", "attempts")) == {(Delivery.State.DELIVERED, 1)}
