"""Webhooks: written with the change, signed, delivered at least once, never to an address inside."""

from __future__ import annotations

import http.client
import itertools
import json
import socket
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from api.models import Delivery, WebhookEndpoint, WebhookMessage
from api.webhooks import delivery, targets
from api.webhooks.signing_secrets import body_of, give_secret, rewrap_all, secret_of
from config.local_secrets import generate
from gate.errors import NotYourCase
from gate.models import User, Verification
from gate.notify.events import EVENTS
from gate.notify.notifications import notify_after_commit
from tests.factories.gate import (
    UserFactory,
    application,
    approve,
    gated_zone,
    reviewer,
    submitted,
    take_steps,
    verification_in,
)

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.org/in?x=1"


def endpoint(**fields) -> WebhookEndpoint:
    made = WebhookEndpoint(**{"name": "接收方", "url": URL, **fields})
    give_secret(made)
    made.save()
    return made


@pytest.fixture
def receiver(monkeypatch):
    """What arrived, and what is answered: a status, or an exception."""

    class Receiver:
        answers: list = []
        got: list = []

        def post(self, url, body, headers):
            self.got.append((url, body, headers))
            answer = self.answers.pop(0) if self.answers else 204
            if isinstance(answer, Exception):
                raise answer
            return answer

    made = Receiver()
    made.answers, made.got = [], []
    monkeypatch.setattr(targets, "post", made.post)
    return made


def handed_in() -> Verification:
    """A request and its message. The consent before it has one of its own, which is not what is looked at."""
    case = submitted()
    WebhookMessage.objects.filter(event__startswith="consent.").delete()
    return case


def make_due() -> None:
    Delivery.objects.filter(state="waiting").update(due_at=timezone.now())


class TestMessages:
    def test_a_change_and_its_message_commit_together(self):
        where = endpoint()
        case = handed_in()
        message = WebhookMessage.objects.get()
        assert message.event == "verification.submitted"
        assert message.ids == {"case": str(case.uuid), "user": str(case.user.uuid)}
        assert list(message.deliveries.values_list("endpoint", "state")) == [(where.pk, "waiting")]

    def test_a_zone_goes_under_the_id_that_the_api_knows_it_by(self, client):
        endpoint()
        zone, user = gated_zone("agreement"), UserFactory()
        take_steps(user, zone)
        events = {message.event: message.ids for message in WebhookMessage.objects.all()}
        assert "consent.agreed" in events
        (known,) = client.get("/api/v1/zones").json()["items"]
        assert {ids["zone"] for ids in events.values()} == {known["id"]}

    def test_a_rollback_leaves_none(self):
        endpoint()
        with transaction.atomic():
            notify_after_commit("verification.claimed", user=UserFactory())
            transaction.set_rollback(True)
        assert not WebhookMessage.objects.exists()
        case = handed_in()
        WebhookMessage.objects.all().delete()
        with pytest.raises(NotYourCase):
            approve(case=case, reviewer=UserFactory())
        assert not WebhookMessage.objects.exists()

    def test_endpoints_choose_their_events(self):
        approved = endpoint(events=["verification.approved"])
        endpoint(active=False)
        approve(case=handed_in(), reviewer=reviewer())
        assert [row.endpoint for row in Delivery.objects.all()] == [approved]
        assert Delivery.objects.get().message.event == "verification.approved"

    def test_ids_only(self):
        endpoint()
        verification_in("rejected", UserFactory(display_name="金丝雀"), full_name="金丝雀")
        with connection.cursor() as cursor:
            cursor.execute("SELECT event, ids FROM api_webhookmessage")
            stored = repr(cursor.fetchall())
        for secret in (*application().values(), "金丝雀", "照片", "example.org"):
            assert secret in ("physician",) or secret not in stored

    def test_every_event_can_be_told(self):
        endpoint()
        case = verification_in("approved")
        WebhookMessage.objects.all().delete()
        for event in EVENTS:
            notify_after_commit(event, case=case)
        assert set(WebhookMessage.objects.values_list("event", flat=True)) == set(EVENTS)


class TestDelivery:
    def test_it_is_signed_as_standard_webhooks_are(self, receiver):
        where = endpoint()
        handed_in()
        assert delivery.deliver_due() == 1
        ((url, body, headers),) = receiver.got
        assert url == URL
        said = Webhook(secret_of(where)).verify(body, headers)
        assert said["type"] == "verification.submitted"
        assert set(said) == {"type", "timestamp", "data"}
        assert headers["webhook-id"] == str(WebhookMessage.objects.get().uuid)
        with pytest.raises(WebhookVerificationError):
            Webhook(secret_of(where)).verify(body + b" ", headers)
        assert Delivery.objects.get().state == "delivered"
        assert delivery.deliver_due() == 0

    @pytest.mark.parametrize(
        "failure", [500, 301, 404, TimeoutError("canary"), http.client.BadStatusLine("canary")]
    )
    def test_a_failure_is_tried_again_later_with_the_same_id(self, receiver, failure, caplog):
        receiver.answers = [failure]
        endpoint()
        handed_in()
        assert delivery.deliver_due() == 0
        row = Delivery.objects.get()
        assert (row.state, row.attempts) == ("waiting", 1)
        assert timedelta(seconds=10) < row.due_at - timezone.now() <= delivery.FIRST_WAIT
        assert "canary" not in row.last_result + caplog.text
        assert delivery.deliver_due() == 0  # not yet
        make_due()
        assert delivery.deliver_due() == 1
        one, two = receiver.got
        assert one[1] == two[1]
        assert one[2]["webhook-id"] == two[2]["webhook-id"]

    def test_waits_grow_and_differ(self):
        waits = [[delivery.wait_after(number) for _time in range(20)] for number in (1, 2, 3, 16)]
        for shorter, longer in itertools.pairwise(waits):
            assert max(shorter) <= max(longer)
            assert len(set(longer)) > 1
        assert max(waits[-1]) <= delivery.LONGEST_WAIT
        assert min(waits[2]) >= delivery.FIRST_WAIT * 2

    def test_in_the_end_it_is_given_up_and_can_be_sent_again(self, receiver):
        receiver.answers = [500] * delivery.MOST_ATTEMPTS
        endpoint()
        handed_in()
        for _attempt in range(delivery.MOST_ATTEMPTS):
            delivery.deliver_due()
            make_due()
        row = Delivery.objects.get()
        assert (row.state, row.attempts) == ("dead", delivery.MOST_ATTEMPTS)
        assert delivery.deliver_due() == 0
        out = StringIO()
        call_command("deliver_webhooks", "--replay-dead", stdout=out)
        assert "delivered: 1" in out.getvalue()
        assert len({headers["webhook-id"] for _url, _body, headers in receiver.got}) == 1

    def test_whoever_is_gone_is_not_asked_again(self, receiver):
        receiver.answers = [410]
        endpoint()
        handed_in()
        delivery.deliver_due()
        assert Delivery.objects.get().state == "dead"

    def test_what_arrived_can_be_sent_again_too(self, receiver):
        endpoint()
        handed_in()
        delivery.deliver_due()
        call_command("deliver_webhooks", "--replay-hours", "1", stdout=StringIO())
        assert len(receiver.got) == 2

    def test_one_receiver_that_fails_holds_up_no_other(self, receiver):
        receiver.answers = [TimeoutError(), 200]
        endpoint(), endpoint()
        handed_in()
        assert delivery.deliver_due() == 1

    def test_old_messages_are_forgotten(self, receiver):
        endpoint()
        handed_in()
        WebhookMessage.objects.update(at=timezone.now() - timedelta(days=31))
        assert delivery.forget_old() == 0  # it is still on its way
        delivery.deliver_due()
        assert delivery.forget_old() == 1

    def test_a_broken_receiver_breaks_no_submission(self, receiver, django_capture_on_commit_callbacks):
        receiver.answers = [RuntimeError("canary")]
        endpoint()
        with django_capture_on_commit_callbacks(execute=True):
            assert handed_in().state == "submitted"


class TestTargets:
    """Nothing is looked up: getaddrinfo answers as the test says."""

    @pytest.fixture
    def names(self, monkeypatch):
        """Every name has these addresses; counts the look-ups."""

        def give(*addresses):
            asked = []

            def getaddrinfo(host, port, **kwargs):
                asked.append(host)
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in addresses]

            monkeypatch.setattr(targets.socket, "getaddrinfo", getaddrinfo)
            return asked

        return give

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104 - refused, not bound
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "fe80::1%eth0",
            "fd00::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ],
    )
    def test_addresses_inside_are_refused(self, names, address):
        names(address)
        with pytest.raises(targets.TargetRefused) as refusal:
            targets.resolve(URL)
        assert refusal.value.code == "private_address"

    def test_one_address_inside_among_others_is_enough(self, names):
        names("93.184.216.34", "10.0.0.1")
        with pytest.raises(targets.TargetRefused):
            targets.resolve(URL)

    @pytest.mark.parametrize(
        "url",
        [
            "http://hooks.example.org/",
            "ftp://hooks.example.org/",
            "file:///etc/passwd",
            "https://",
            "https://user:word@hooks.example.org/",
            "https://hooks.example.org:99999/",
            "https://[::1/",
            "//hooks.example.org/",
        ],
    )
    def test_addresses_of_the_wrong_form_are_refused(self, names, url):
        names("93.184.216.34")
        with pytest.raises(targets.TargetRefused):
            targets.resolve(url)

    def test_the_connection_goes_to_the_checked_address(self, names, monkeypatch):
        """A name that changes after the check (rebinding) is not asked again."""
        asked = names("93.184.216.34")
        went = []

        def connect(address, timeout):
            went.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(targets.socket, "create_connection", connect)
        with pytest.raises(ConnectionRefusedError):
            targets.post(URL, b"{}", {})
        assert went == [("93.184.216.34", 443)]
        assert asked == ["hooks.example.org"]

    def test_own_networks_can_be_allowed(self, names, settings):
        settings.XINGLIN_WEBHOOK_NETWORKS = ["10.20.0.0/16"]
        names("10.20.3.4")
        assert targets.resolve("http://inside.example.org:8080/x").address == "10.20.3.4"
        names("10.21.3.4")
        with pytest.raises(targets.TargetRefused):
            targets.resolve("http://inside.example.org/")

    def test_a_refused_target_is_a_result(self, names):
        names("127.0.0.1")
        endpoint()
        handed_in()
        assert delivery.deliver_due() == 0
        assert Delivery.objects.get().last_result == "private_address"


class TestAdmin:
    @pytest.fixture
    def admin(self, client):
        client.force_login(User.objects.create_superuser("boss@example.org", "a long password"))
        return client

    @pytest.fixture(autouse=True)
    def public(self, monkeypatch):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
        monkeypatch.setattr(targets.socket, "getaddrinfo", lambda *args, **kwargs: found)

    def test_the_secret_is_shown_once(self, admin):
        data = {"name": "接收方", "url": URL, "events": ["verification.approved"], "active": "on"}
        page = admin.post("/admin/webhooks/endpoints/new/", data, follow=True).content.decode()
        made = WebhookEndpoint.objects.get()
        assert secret_of(made) in page
        assert secret_of(made).encode() not in bytes(made.secret)
        for address in ("", f"edit/{made.pk}/", f"history/{made.pk}/"):
            page = admin.get(f"/admin/webhooks/endpoints/{address}")
            assert page.status_code == 200
            assert secret_of(made) not in page.content.decode()

    def test_an_address_inside_is_refused_in_the_form(self, admin, monkeypatch):
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
        monkeypatch.setattr(targets.socket, "getaddrinfo", lambda *args, **kwargs: inside)
        admin.post("/admin/webhooks/endpoints/new/", {"name": "a", "url": URL, "active": "on"})
        assert not WebhookEndpoint.objects.exists()

    def test_deliveries_are_listed_and_sent_again(self, admin):
        endpoint()
        handed_in()
        Delivery.objects.update(state="dead")
        page = admin.get("/admin/webhooks/deliveries/")
        assert "verification.submitted" in page.content.decode()
        assert admin.get("/admin/webhooks/deliveries/replay/").status_code == 200
        assert Delivery.objects.get().state == "dead"
        admin.post("/admin/webhooks/deliveries/replay/")
        assert Delivery.objects.get().state == "waiting"

    def test_only_those_who_may(self, client):
        client.force_login(reviewer())
        for address in ("endpoints/", "endpoints/new/", "deliveries/", "deliveries/replay/"):
            assert client.get(f"/admin/webhooks/{address}").status_code in (302, 403)


def test_the_body_is_plain_json():
    endpoint()
    handed_in()
    assert json.loads(body_of(WebhookMessage.objects.get()))["data"].keys() == {"case", "user"}


def test_secrets_move_to_a_new_key(settings):
    where = endpoint()
    secret, before = secret_of(where), bytes(where.secret)
    settings.XINGLIN_CREDENTIAL_KEYS = [generate()["credential_key"], *settings.XINGLIN_CREDENTIAL_KEYS]
    assert rewrap_all() == 1
    settings.XINGLIN_CREDENTIAL_KEYS = settings.XINGLIN_CREDENTIAL_KEYS[:1]
    where.refresh_from_db()
    assert bytes(where.secret) != before
    assert secret_of(where) == secret
    assert rewrap_all() == 0
