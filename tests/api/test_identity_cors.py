"""What scripts of other origins may read, on every status; and that discovery names what is served."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from allauth.idp.oidc import views as allauth_views
from django.core.management import CommandError, call_command
from django.urls import resolve

from api.identity.addresses import check_origin, check_redirect
from api.scopes import IN_ORDER, SCOPES
from tests.api.test_oidc import REDIRECT, add_client, authorize_url, consent, exchange
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db

ORIGIN, OTHER, LOCAL = "https://app.example.org", "https://other.example.org", "http://localhost:5173"
API = "/identity/o/api/"
ENDPOINTS = ("token", "revoke", "userinfo")


@pytest.fixture
def app():
    return add_client("--public", "--redirect-uri", REDIRECT, "--origin", ORIGIN, "--origin", LOCAL)


@pytest.fixture
def other():
    return add_client("--public", "--redirect-uri", REDIRECT, "--origin", OTHER)


def allowed(answer) -> str | None:
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer
    return answer.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("origin", [ORIGIN, LOCAL])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_preflights_of_registered_origins(client, app, endpoint, origin):
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = client.options(API + endpoint, headers=headers)
    assert allowed(answer) == origin
    assert answer.status_code == 204
    assert "Authorization" in answer["Access-Control-Allow-Headers"]
    assert "POST" in answer["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "origin",
    [OTHER, "null", ORIGIN + ":8443", "http://app.example.org", "https://app.example.org.evil.example"],
)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_other_origins_read_nothing(client, app, endpoint, origin):
    assert allowed(client.post(API + endpoint, headers={"Origin": origin})) is None
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = client.options(API + endpoint, headers=headers)
    assert allowed(answer) is None
    assert "Access-Control-Allow-Headers" not in answer


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_errors_can_be_read_too(client, app, endpoint):
    answer = client.post(API + endpoint, {"client_id": app["client_id"]}, headers={"Origin": LOCAL})
    assert answer.status_code in (400, 401)
    assert allowed(answer) == LOCAL


def test_also_what_fails_inside_or_is_throttled_outside(client, app, monkeypatch):
    def broken(self, request):
        raise RuntimeError("broken")

    client.raise_request_exception = False
    monkeypatch.setattr(allauth_views.TokenView, "post", broken)
    answer = client.post(API + "token", {"client_id": app["client_id"]}, headers={"Origin": ORIGIN})
    assert (answer.status_code, allowed(answer)) == (500, ORIGIN)


def test_an_origin_of_another_client_reads_nothing_of_this_one(client, app, other):
    client.force_login(UserFactory())
    code = consent(client, app)
    assert (
        allowed(client.post(API + "token", {"client_id": app["client_id"]}, headers={"Origin": OTHER}))
        is None
    )
    token = exchange(client, app, code).json()["access_token"]
    for origin, expected in ((ORIGIN, ORIGIN), (OTHER, None)):
        headers = {"Origin": origin, "Authorization": f"Bearer {token}"}
        answer = client.get(API + "userinfo", headers=headers)
        assert (answer.status_code, allowed(answer)) == (200, expected)


def test_without_an_origin_the_answer_still_varies(client, app):
    assert allowed(client.post(API + "token", {"client_id": app["client_id"]})) is None


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/.well-known/jwks.json"])
def test_discovery_is_open_to_every_origin(client, path):
    for answer in (
        client.get(path, headers={"Origin": OTHER}),
        client.post(path, headers={"Origin": OTHER}),
        client.options(path, headers={"Origin": OTHER, "Access-Control-Request-Method": "GET"}),
    ):
        assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/zones", 200),
        ("/api/v1/me", 401),
        ("/api/v1/nowhere", 404),
        ("/api/v1/zones?x=1", 400),
    ],
)
def test_the_api_is_open_on_every_status(client, path, status):
    answer = client.get(path, headers={"Origin": OTHER})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (status, "*")
    assert "Retry-After" in answer["Access-Control-Expose-Headers"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"]


def test_the_api_is_open_where_an_outer_layer_fails(client, monkeypatch):
    """As when the database is away: no view of ours is reached."""

    def broken(self, request):
        raise RuntimeError("broken")

    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", broken)
    answer = client.get("/api/v1/zones", headers={"Origin": OTHER})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (500, "*")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"]


class TestDiscovery:
    """The metadata, the configured address and what is served agree, whatever the Host header says."""

    @pytest.fixture(autouse=True)
    def behind_a_proxy(self, settings):
        settings.XINGLIN_BASE_URL = "https://xinglin.example.org"
        settings.ALLOWED_HOSTS = ["internal.example.org"]

    @pytest.fixture
    def metadata(self, client):
        answer = client.get("/.well-known/openid-configuration", headers={"Host": "internal.example.org"})
        return answer.json()

    def test_every_address_is_the_public_one_and_is_served(self, metadata):
        assert metadata["issuer"] == "https://xinglin.example.org"
        addresses = [value for name, value in metadata.items() if name.endswith(("_endpoint", "_uri"))]
        assert len(addresses) == 6
        for address in addresses:
            assert address.startswith(metadata["issuer"] + "/")
            resolve(urlsplit(address).path)

    def test_what_is_announced_is_what_there_is(self, client, metadata):
        assert metadata["code_challenge_methods_supported"] == ["S256"]
        assert metadata["response_types_supported"] == ["code"]
        assert "device_authorization_endpoint" not in metadata
        assert metadata["scopes_supported"] == ["openid", "profile", "email", *SCOPES] == list(IN_ORDER)
        assert (
            client.post("/identity/o/api/device/code", headers={"Host": "internal.example.org"}).status_code
            == 404
        )


def test_a_token_for_our_public_address_is_taken_behind_a_proxy(client, settings):
    """`resource` (RFC 8707) names the public address; the request arrives under an inner one."""
    settings.XINGLIN_BASE_URL = "https://xinglin.example.org"
    user = UserFactory()
    client.force_login(user)
    app = add_client("--public", "--redirect-uri", REDIRECT)
    resource = "https://xinglin.example.org/api/v1/me"
    code = consent(client, app, address=authorize_url(app, resource=resource))
    token = exchange(client, app, code).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    assert client.get("/api/v1/zones", headers=headers).status_code == 401


def test_the_consent_screen_lists_the_scopes_in_order_with_words(client):
    client.force_login(UserFactory())
    app = add_client("--public", "--redirect-uri", REDIRECT)
    asked = authorize_url(app, scope=" ".join(reversed(["openid", "profile", "email", *SCOPES])))
    page = client.get(asked)
    field = page.context["form"].fields["scopes"]
    assert [scope for scope, _words in field.choices] == list(IN_ORDER)
    assert all(not str(words).isascii() for _scope, words in field.choices)


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "https://app.example.org/callback?a=1",
            "http://localhost:5173/callback",
            "http://127.0.0.1/cb",
            "http://[::1]:8080/cb",
            "com.example.app:/callback",
        ],
    )
    def test_that_may_be_registered_are_kept_as_they_are(self, address):
        assert check_redirect(address) == address

    @pytest.mark.parametrize(
        "address",
        [
            "http://app.example.org/cb",
            "https://*.example.org/cb",
            "https://app.example.org/cb#x",
            "javascript:alert(1)",
            "data:text/html,x",
            "https:///cb",
            "//app.example.org/cb",
            "https://a:b@example.org/",
            "https://例.cn/cb",
            "https://app.example.org/ x",
            "https://app.example.org:99999/",
            "http://localhost.evil.example/cb",
            "",
        ],
    )
    def test_that_may_not(self, address):
        with pytest.raises(CommandError):
            call_command("add_client", "前端", "--public", f"--redirect-uri={address or ' '}")

    @pytest.mark.parametrize(
        ("origin", "kept"),
        [
            ("https://app.example.org", ORIGIN),
            ("https://app.example.org/", ORIGIN),
            ("https://APP.example.org:443", ORIGIN),
            ("http://localhost:5173", LOCAL),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ],
    )
    def test_origins_are_kept_as_browsers_send_them(self, origin, kept):
        assert check_origin(origin) == kept

    @pytest.mark.parametrize(
        "origin", ["https://app.example.org/x", "http://app.example.org", "*", "https://*", "com.app:/x"]
    )
    def test_origins_that_may_not_be_registered(self, origin):
        with pytest.raises(CommandError):
            call_command("add_client", "前端", "--public", "--redirect-uri", REDIRECT, f"--origin={origin}")
