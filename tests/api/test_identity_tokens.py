"""Tokens as clients hold them: secrets, codes, refreshing, revoking."""

from __future__ import annotations

import base64
import time
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from allauth.idp.oidc.models import Client as OIDCClient
from allauth.idp.oidc.models import Token

from api.identity import secrets
from api.scopes import SCOPES
from tests.api.test_oidc import (
    REDIRECT,
    add_client,
    authorize_url,
    consent,
    exchange,
)
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db

TOKEN, REVOKE = "/identity/o/api/token", "/identity/o/api/revoke"
HARD = "a+b%2B c:d/=&?#%*é"  # every character that form-encoding changes


@pytest.fixture
def app():
    return add_client("--public", "--redirect-uri", REDIRECT)


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def basic(client_id: str, secret: str, *, encoded: bool = True) -> dict[str, str]:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}" if encoded else f"{client_id}:{secret}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def refresh(client, app, value: str, **more: str):
    data = {"grant_type": "refresh_token", "client_id": app["client_id"], "refresh_token": value} | more
    return client.post(TOKEN, data)


def service(secret: str | None = None) -> tuple[str, str]:
    """A confidential client with this secret."""
    made = add_client("--service-account", UserFactory(email="bot@example.org").email)
    if secret is not None:
        row = OIDCClient.objects.get(pk=made["client_id"])
        row.set_secret(secret)
        row.save()
    return made["client_id"], secret or made["client_secret"]


class TestSecrets:
    @pytest.mark.parametrize("encoded", [True, False])
    def test_survive_basic(self, client, encoded):
        client_id, secret = service(HARD)
        headers = basic(client_id, secret, encoded=encoded)
        answer = client.post(
            TOKEN, {"grant_type": "client_credentials", "scope": "articles:read"}, headers=headers
        )
        assert answer.status_code == 200, answer.content

    def test_survive_the_body(self, client):
        client_id, secret = service(HARD)
        data = {"grant_type": "client_credentials", "scope": "articles:read"}
        data |= {"client_id": client_id, "client_secret": secret}
        assert client.post(TOKEN, data).status_code == 200

    def test_new_ones_need_no_escaping(self):
        secret = service()[1]
        assert quote_plus(secret) == secret
        assert len(secret) >= 43

    @pytest.mark.parametrize(
        "header", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff:x").decode(), "Basic eA=="]
    )
    def test_a_header_that_cannot_be_read_is_no_client(self, client, header):
        answer = client.post(TOKEN, {"grant_type": "client_credentials"}, headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.json()["error"] == "invalid_client"

    def test_of_another_client_is_refused(self, client):
        client_id, _secret = service()
        other = add_client("--redirect-uri", REDIRECT)
        headers = basic(client_id, other["client_secret"])
        answer = client.post(TOKEN, {"grant_type": "client_credentials"}, headers=headers)
        assert answer.status_code == 401

    def test_after_replacing_the_former_counts_until_its_overlap_ends(self, monkeypatch):
        client_id, secret = service()
        row = OIDCClient.objects.get(pk=client_id)
        fresh = secrets.replace_secret(row, end_former=False)
        assert secrets.is_secret_of(row, secret)
        assert secrets.is_secret_of(row, fresh)
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + secrets.OVERLAP + 1)
        assert not secrets.is_secret_of(row, secret)
        assert secrets.is_secret_of(row, fresh)

    def test_replacing_can_end_the_former_at_once(self):
        row = OIDCClient.objects.get(pk=service()[0])
        first = secrets.replace_secret(row, end_former=False)
        second = secrets.replace_secret(row, end_former=True)
        assert not secrets.is_secret_of(row, first)
        assert secrets.is_secret_of(row, second)


class TestCodes:
    @pytest.mark.parametrize(
        "changes",
        [
            {"code_challenge": "", "code_challenge_method": ""},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": ""},
        ],
    )
    @pytest.mark.parametrize("kind", [("--public",), ()])
    def test_need_s256_of_every_client(self, client, reader, changes, kind):
        made = add_client("--redirect-uri", REDIRECT, *kind)
        answer = client.get(authorize_url(made, **changes))
        query = parse_qs(urlsplit(answer["Location"]).query)
        assert query["error"] == ["invalid_request"]
        assert query["state"] == ["s"]
        assert "code" not in query

    @pytest.mark.parametrize(
        "address",
        [
            REDIRECT + "/",
            REDIRECT + "?x=1",
            REDIRECT.upper(),
            REDIRECT.replace("app.", "app.:443."),
            REDIRECT.replace(".org/", ".org:443/"),
            REDIRECT + "#",
            "http://127.0.0.1:1/cb",
            "HTTP://localhost/cb",
        ],
    )
    def test_go_to_the_registered_string_only(self, client, reader, address):
        made = add_client("--public", "--redirect-uri", REDIRECT, "--redirect-uri", "http://127.0.0.1/cb")
        assert "Location" not in client.get(authorize_url(made, redirect_uri=address))

    @pytest.mark.parametrize("kind", ["token", "id_token", "id_token token", "code id_token", "none"])
    def test_are_all_that_is_given_to_an_address(self, client, reader, app, kind):
        OIDCClient.objects.update(response_types=kind)
        location = client.get(authorize_url(app, response_type=kind, nonce="n")).get("Location", "")
        assert "error=" in location
        assert "token=" not in location

    def test_used_twice_end_what_was_given_for_them(self, client, reader, app):
        code = consent(client, app)
        token = exchange(client, app, code).json()
        assert exchange(client, app, code).status_code == 400
        assert not Token.objects.exists()
        assert refresh(client, app, token["refresh_token"]).status_code == 400

    def test_silence_repeats_this_clients_consent_only(self, client, reader, app):
        exchange(client, app, consent(client, app))
        other = add_client("--public", "--redirect-uri", REDIRECT)
        for made, given in ((app, True), (other, False)):
            location = client.get(authorize_url(made, prompt="none"))["Location"]
            assert ("code=" in location) is given, location


class TestRefreshing:
    def test_rotates_and_expires(self, client, reader, app, settings):
        token = exchange(client, app, consent(client, app)).json()
        assert 0 < token["refresh_expires_in"] <= settings.IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN
        again = refresh(client, app, token["refresh_token"])
        assert again.status_code == 200, again.content
        assert again.json()["refresh_token"] != token["refresh_token"]
        Token.objects.update(expires_at="2020-01-01T00:00Z")
        assert refresh(client, app, again.json()["refresh_token"]).status_code == 400

    def test_twice_within_the_grace_gives_the_same_successor_and_both_get_on(self, client, reader, app):
        first = exchange(client, app, consent(client, app)).json()["refresh_token"]
        one, two = refresh(client, app, first).json(), refresh(client, app, first).json()
        assert one["refresh_token"] == two["refresh_token"]
        assert one["access_token"] != two["access_token"]
        for token in (one, two):
            headers = {"Authorization": f"Bearer {token['access_token']}"}
            assert client.get("/api/v1/me", headers=headers).status_code == 200
        assert refresh(client, app, one["refresh_token"]).status_code == 200

    def test_a_late_reuse_ends_the_family_and_no_other(self, client, reader, app, settings):
        phone = exchange(client, app, consent(client, app)).json()
        laptop = exchange(client, app, consent(client, app)).json()
        successor = refresh(client, app, phone["refresh_token"]).json()
        settings.XINGLIN_REFRESH_TOKEN_GRACE = -1
        stolen = refresh(client, app, phone["refresh_token"])
        assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
        settings.XINGLIN_REFRESH_TOKEN_GRACE = 30
        assert refresh(client, app, successor["refresh_token"]).status_code == 400
        client.logout()
        for token, status in ((phone, 401), (successor, 401), (laptop, 200)):
            headers = {"Authorization": f"Bearer {token['access_token']}"}
            assert client.get("/api/v1/me", headers=headers).status_code == status
        assert refresh(client, app, laptop["refresh_token"]).status_code == 200

    def test_of_another_client_is_refused_and_ends_nothing(self, client, reader, app):
        token = exchange(client, app, consent(client, app)).json()
        other = add_client("--public", "--redirect-uri", REDIRECT)
        assert refresh(client, other, token["refresh_token"]).status_code == 400
        assert refresh(client, app, token["refresh_token"]).status_code == 200

    def test_fewer_scopes_for_once_do_not_shrink_the_next(self, client, reader, app):
        token = exchange(client, app, consent(client, app)).json()
        small = refresh(client, app, token["refresh_token"], scope="openid").json()
        assert small["scope"] == "openid"
        whole = refresh(client, app, small["refresh_token"]).json()
        assert set(SCOPES) <= set(whole["scope"].split())

    def test_a_closed_account_gets_nothing(self, client, reader, app):
        token = exchange(client, app, consent(client, app)).json()
        type(reader).objects.update(is_active=False)
        assert refresh(client, app, token["refresh_token"]).status_code == 400


class TestRevoking:
    def test_of_another_clients_token_does_nothing(self, client, reader, app):
        token = exchange(client, app, consent(client, app)).json()
        other = add_client("--public", "--redirect-uri", REDIRECT)
        for value in (token["access_token"], token["refresh_token"]):
            answer = client.post(REVOKE, {"token": value, "client_id": other["client_id"]})
            assert answer.status_code == 200
        assert Token.objects.count() == 2

    @pytest.mark.parametrize("hint", ["", "access_token", "refresh_token", "nonsense"])
    def test_a_refresh_token_takes_its_family_along_whatever_the_hint(self, client, reader, app, hint):
        phone = exchange(client, app, consent(client, app)).json()
        exchange(client, app, consent(client, app))
        data = {"token": phone["refresh_token"], "client_id": app["client_id"], "token_type_hint": hint}
        client.post(REVOKE, data)
        assert Token.objects.count() == 2

    def test_an_access_token_goes_alone(self, client, reader, app):
        token = exchange(client, app, consent(client, app)).json()
        client.post(REVOKE, {"token": token["access_token"], "client_id": app["client_id"]})
        assert refresh(client, app, token["refresh_token"]).status_code == 200


# allauth's check of the address leans on a default of Django 5.
@pytest.mark.filterwarnings("ignore:The default scheme:django.utils.deprecation.RemovedInDjango60Warning")
class TestEndingASession:
    @pytest.mark.parametrize(
        ("address", "leads_back"),
        [(REDIRECT, True), (REDIRECT + "/other", False), ("https://app.example.org/", False)],
    )
    def test_leads_back_to_registered_addresses_only(self, client, reader, address, leads_back):
        made = add_client("--redirect-uri", REDIRECT)
        data = {"client_id": made["client_id"], "post_logout_redirect_uri": address, "action": "stay"}
        client.logout()
        answer = client.post("/identity/o/logout", data)
        assert (answer["Location"] == address) is leads_back
