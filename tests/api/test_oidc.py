"""Signing in by OpenID Connect as a front end does: authorization code with PKCE, then bearer tokens."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from io import StringIO
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client as OIDCClient
from django.core.management import CommandError, call_command

from api.scopes import SCOPES
from gate.models import User
from gate.people import grants
from tests.api.whole_article import golden_article
from tests.factories.gate import UserFactory, gated_zone

pytestmark = pytest.mark.django_db

REDIRECT = "https://app.example.org/callback"
ORIGIN = "https://app.example.org"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def add_client(*args: str) -> dict[str, str]:
    """What `manage.py add_client` prints, by name."""
    out = StringIO()
    call_command("add_client", "前端", *args, stdout=out)
    return dict(line.split() for line in out.getvalue().splitlines())


@pytest.fixture
def app():
    return add_client("--public", "--redirect-uri", REDIRECT, "--origin", ORIGIN)


@pytest.fixture
def reader(client):
    user = UserFactory(display_name="林知远")
    client.force_login(user)
    return user


def authorize_url(app: dict[str, str], **changes: str) -> str:
    query = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": REDIRECT,
        "scope": " ".join(["openid", "profile", *SCOPES]),
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    return f"/identity/o/authorize?{urlencode(query)}"


def consent(
    client, app, scopes: list[str] | None = None, *, address: str = "", leads_to: str = REDIRECT
) -> str:
    """Agree on the consent screen; the code that the front end gets."""
    page = client.get(address or authorize_url(app)).content.decode()
    signed = unescape(re.search(r'name="request" value="([^"]+)"', page).group(1))
    answer = client.post(
        "/identity/o/authorize",
        {"request": signed, "scopes": scopes or ["openid", "profile", *SCOPES], "action": "grant"},
    )
    assert answer.status_code == 302, answer.content
    assert answer["Location"].startswith(leads_to)
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["state"] == ["s"]
    return query["code"][0]


def exchange(client, app, code: str, **changes: str):
    data = {
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    } | changes
    return client.post("/identity/o/api/token", data, headers={"Origin": ORIGIN})


def test_the_whole_way(client, app, reader):
    answer = exchange(client, app, consent(client, app))
    assert answer.status_code == 200, answer.content
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    client.logout()
    assert client.get("/api/v1/me", headers=headers).json()["id"] == str(reader.uuid)
    user = client.get("/identity/o/api/userinfo", headers=headers).json()
    assert user == {"sub": str(reader.uuid), "name": "林知远", "locale": "zh-hans"}


def test_scopes_the_reader_did_not_grant_are_not_in_the_token(client, app, reader):
    token = exchange(client, app, consent(client, app, ["openid", "articles:read"])).json()
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert client.get("/api/v1/articles", headers=headers).status_code == 200
    assert client.get("/api/v1/me", headers=headers).status_code == 403


def test_a_code_without_its_verifier_or_used_twice_is_worth_nothing(client, app, reader):
    code = consent(client, app)
    assert exchange(client, app, code, code_verifier="x" * 64).status_code == 400
    code = consent(client, app)
    assert exchange(client, app, code).status_code == 200
    assert exchange(client, app, code).status_code == 400


def test_a_public_client_must_use_pkce(client, app, reader):
    answer = client.get(authorize_url(app, code_challenge="", code_challenge_method=""))
    assert "code=" not in answer.get("Location", "")


def test_readers_are_sent_to_registered_addresses_only(client, app, reader):
    answer = client.get(authorize_url(app, redirect_uri="https://evil.example.org/callback"))
    assert "Location" not in answer


def test_the_consent_form_may_lead_to_the_front_end(client, app, reader):
    """Chromium counts the redirect after a form as the form's target; `form-action 'self'` would stop it."""
    assert "form-action" not in client.get(authorize_url(app))["Content-Security-Policy"]
    assert "form-action 'self'" in client.get("/accounts/login/")["Content-Security-Policy"]


def test_a_recreated_account_is_another_person(client, app, reader):
    token = exchange(client, app, consent(client, app)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    old = reader.uuid
    User.objects.filter(pk=reader.pk).update(email="gone@example.org", is_active=False)
    EmailAddress.objects.filter(user=reader).delete()
    again = UserFactory(email=reader.email)
    assert again.uuid != old
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_our_scopes_are_announced(client):
    metadata = client.get("/.well-known/openid-configuration").json()
    assert set(SCOPES) <= set(metadata["scopes_supported"])
    assert metadata["issuer"] == "http://testserver"


def test_the_issuer_is_not_what_a_host_header_says(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    metadata = client.get("/.well-known/openid-configuration", headers={"Host": "evil.example.org"}).json()
    assert metadata["issuer"] == "http://testserver"


def test_a_service_account_reads_what_staff_granted_it(client):
    zone = gated_zone()
    article = golden_article(zone)
    owner = UserFactory(email="partner@example.org")
    service = add_client("--service-account", owner.email, "--scope", "articles:read")
    answer = client.post(
        "/identity/o/api/token",
        {"grant_type": "client_credentials", "scope": "articles:read"} | service,
    )
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    address = f"/api/v1/articles/{article.uuid}"
    assert client.get(address, headers=headers).json()["locked"]["reason"] == "agreement_required"
    grants.grant(user=owner, zone_id=zone.pk, right="read_zone", reason="合作方", by=None)
    assert client.get(address, headers=headers).json()["locked"] is None
    assert client.get("/api/v1/me", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--service-account", "nobody@example.org"),
        ("--service-account", "nobody@example.org", "--public"),
        ("--redirect-uri", REDIRECT, "--service-account", "nobody@example.org"),
    ],
)
def test_clients_that_make_no_sense_are_refused(args):
    with pytest.raises(CommandError):
        call_command("add_client", "前端", *args)
    assert not OIDCClient.objects.exists()


def test_the_secret_is_kept_as_a_hash():
    made = add_client("--redirect-uri", REDIRECT)
    stored = OIDCClient.objects.get(pk=made["client_id"])
    assert made["client_secret"] not in stored.secret
    assert stored.check_secret(made["client_secret"])
