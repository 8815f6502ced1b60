"""Every consumer of an address reads the same one, whatever a client sends about itself."""

from __future__ import annotations

import pytest
from allauth.account.adapter import get_adapter
from axes.helpers import get_client_ip_address
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from config.checks import check_configuration
from config.clients import ClientAddressMiddleware
from gate.models import ConsentRecord
from gate.people.client_addresses import address_group
from tests.factories.gate import UserFactory, gated_zone
from tests.frontend_templates.pages import filled, form_of, get

PEER = "198.51.100.9"


def lies(number: int) -> dict[str, str]:
    """Another address in every header that some library believes."""
    invented = f"192.0.2.{number}"
    return {
        "X-Forwarded-For": invented,
        "Forwarded": f"for={invented}",
        "X-Real-IP": invented,
        "CF-Connecting-IP": invented,
        "True-Client-IP": invented,
    }


def request_after(**meta: str):
    """The request as the view gets it, or the response where the middleware gave one itself."""
    seen = []
    middleware = ClientAddressMiddleware(lambda request: seen.append(request) or HttpResponse())
    response = middleware(RequestFactory().get("/", **meta))
    return seen[0] if seen else response


@pytest.mark.parametrize("number", range(3))
def test_libraries_and_our_own_code_see_one_address(settings, number):
    request = request_after(
        REMOTE_ADDR=PEER, **{f"HTTP_{k.upper().replace('-', '_')}": v for k, v in lies(number).items()}
    )
    assert request.META["REMOTE_ADDR"] == PEER
    assert get_client_ip_address(request) == PEER
    assert get_adapter().get_client_ip(request) == PEER
    assert not {name for name, value in request.META.items() if "192.0.2" in str(value)}


def test_behind_a_proxy_of_ours_they_all_see_the_reader(settings):
    settings.XINGLIN_TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = request_after(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 2001:db8:1:2::77")
    assert request.META["REMOTE_ADDR"] == get_adapter().get_client_ip(request) == "2001:db8:1:2::77"
    assert get_client_ip_address(request) == "2001:db8:1:2::" == address_group("2001:db8:1:2::77")


@pytest.mark.parametrize(("peer", "secure"), [("10.0.0.1", True), (PEER, False)])
def test_only_a_proxy_of_ours_says_that_the_connection_is_encrypted(settings, peer, secure):
    settings.XINGLIN_TRUSTED_PROXIES = ["10.0.0.0/8"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert request_after(REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https").is_secure() is secure


def test_no_address_at_all_is_refused_and_not_shared(settings):
    assert request_after(REMOTE_ADDR="").status_code == 400
    settings.XINGLIN_TRUSTED_PROXIES = ["unix"]
    assert request_after(REMOTE_ADDR="", HTTP_X_FORWARDED_FOR=PEER).META["REMOTE_ADDR"] == PEER


def test_a_wrong_value_is_named_by_the_check_and_stops_the_start(settings):
    settings.XINGLIN_TRUSTED_PROXIES = ["everybody"]
    (found,) = check_configuration(None)
    assert isinstance(found, Error)
    assert (found.id, bool(found.hint)) == ("xinglin.E020", True)
    assert "XINGLIN_TRUSTED_PROXIES" in found.msg
    with pytest.raises(ImproperlyConfigured):
        ClientAddressMiddleware(lambda request: HttpResponse())


@pytest.mark.django_db
class TestRotatingHeaders:
    """A new invented address with every request buys nothing."""

    def test_the_throttle_of_the_api_counts_on(self, client, settings):
        settings.XINGLIN_API_RATES = {"read": "5/day"}
        answers = [client.get("/api/v1/zones", headers=lies(number)).status_code for number in range(8)]
        assert answers == [200] * 5 + [429] * 3

    def test_an_ipv6_subscriber_is_one(self, client, settings):
        settings.XINGLIN_API_RATES = {"read": "5/day"}
        answers = [
            client.get("/api/v1/zones", REMOTE_ADDR=f"2001:db8:1:2:{number}::1").status_code
            for number in range(6)
        ]
        assert answers == [200] * 5 + [429]
        assert client.get("/api/v1/zones", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200

    def test_so_do_the_limits_of_allauth(self, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"signup": "3/m/ip"}
        page = get(client, "/accounts/signup/")
        answers = [
            client.post(
                "/accounts/signup/", filled(form_of(page), email="", password1=""), headers=lies(number)
            ).status_code
            for number in range(5)
        ]
        assert answers == [200] * 3 + [429] * 2

    def test_consent_records_hash_the_same_origin(self, client):
        gated_zone("agreement", slug="z", audience="registered")
        for number in range(3):
            client.force_login(UserFactory())
            page = get(client, "/gate/z/")
            form = form_of(page)
            client.post(form["action"], filled(form, decision="agreed"), headers=lies(number))
        digests = set(ConsentRecord.objects.values_list("context_hash", flat=True))
        assert (ConsentRecord.objects.count(), len(digests)) == (3, 1)
