"""Authentication: bearer tokens with scopes, sessions with CSRF, and anonymous requests."""

from __future__ import annotations

import pytest
from allauth.idp.oidc.models import Client, Token
from django.test import Client as Browser
from django.utils import timezone

from api.scopes import ACCOUNT_READ, ARTICLES_READ, GATE_WRITE
from tests.factories.api import bearer, oidc_client
from tests.factories.cms import ZonePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


def code_of(response) -> str:
    return response.json()["type"].rpartition("/")[2]


def test_a_valid_token_speaks_for_its_person(client, user):
    answer = client.get("/api/v1/me", headers=bearer(user, ACCOUNT_READ))
    assert answer.status_code == 200
    assert answer.json()["id"] == str(user.uuid)


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", "bearer x.y.z", "Bearer  ", "BEARER eyJhbGciOiJub25lIn0.e30."]
)
def test_a_token_that_is_not_ours_is_a_401_even_where_anonymous_readers_may_read(client, header):
    answer = client.get("/api/v1/articles", headers={"Authorization": header})
    assert (answer.status_code, code_of(answer)) == (401, "invalid_token")
    assert answer["WWW-Authenticate"] == 'Bearer realm="xinglin", error="invalid_token"'
    assert answer["Cache-Control"] == "private, no-store"


def test_an_expired_a_revoked_and_a_closed_accounts_token_are_refused(client, user):
    expired = bearer(user, ARTICLES_READ, expires_in=-1)
    assert client.get("/api/v1/articles", headers=expired).status_code == 401
    valid = bearer(user, ARTICLES_READ)
    assert client.get("/api/v1/articles", headers=valid).status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/api/v1/articles", headers=valid).status_code == 401
    user.is_active = True
    user.save()
    Token.objects.all().delete()
    assert client.get("/api/v1/articles", headers=valid).status_code == 401


def test_a_refresh_token_is_no_access_token(client, user):
    headers = bearer(user, ARTICLES_READ)
    Token.objects.update(type=Token.Type.REFRESH_TOKEN)
    assert client.get("/api/v1/articles", headers=headers).status_code == 401


@pytest.mark.parametrize("where", ["query", "form"])
def test_tokens_are_read_from_the_header_only(client, user, where):
    value = bearer(user, ACCOUNT_READ)["Authorization"].removeprefix("Bearer ")
    if where == "query":
        answer = client.get("/api/v1/me", {"access_token": value})
    else:
        answer = client.post("/api/v1/gate/verification", {"access_token": value})
    assert answer.status_code == 401
    assert code_of(answer) == "not_authenticated"


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("/api/v1/zones", "articles:read"),
        ("/api/v1/articles", "articles:read"),
        ("/api/v1/search?q=a", "search:read"),
        ("/api/v1/me", "account:read"),
        ("/api/v1/gate/verification", "gate:read"),
    ],
)
def test_each_scope_is_needed_and_named(client, user, address, scope):
    answer = client.get(address, headers=bearer(user, "openid"))
    assert (answer.status_code, code_of(answer)) == (403, "insufficient_scope")
    assert f'scope="{scope}"' in answer["WWW-Authenticate"]
    assert client.get(address, headers=bearer(user, scope)).status_code == 200


def test_head_needs_the_scope_of_get(client, user):
    assert client.head("/api/v1/articles", headers=bearer(user, "openid")).status_code == 403


def test_reading_the_gate_does_not_allow_steps(client, user):
    zone = ZonePageFactory()
    answer = client.post(
        f"/api/v1/gate/zones/{zone.slug}/steps/0",
        {},
        content_type="application/json",
        headers=bearer(user, "gate:read"),
    )
    assert (answer.status_code, code_of(answer)) == (403, "insufficient_scope")
    assert f'scope="{GATE_WRITE}"' in answer["WWW-Authenticate"]


def test_the_token_wins_over_the_session(client, user):
    client.force_login(UserFactory())
    answer = client.get("/api/v1/me", headers=bearer(user, ACCOUNT_READ))
    assert answer.json()["id"] == str(user.uuid)


def test_anonymous_where_an_account_is_needed(client):
    answer = client.get("/api/v1/me")
    assert (answer.status_code, code_of(answer)) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="xinglin"'


def test_a_session_that_writes_needs_the_csrf_token(user):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(user)
    zone = ZonePageFactory()
    address = f"/api/v1/gate/zones/{zone.slug}/steps/0"
    answer = browser.post(address, {}, content_type="application/json")
    assert (answer.status_code, code_of(answer)) == (403, "csrf_failed")
    browser.get("/api/v1/docs")
    token = browser.cookies["csrftoken"].value
    answer = browser.post(address, {}, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code != 403


def test_a_service_account_acts_as_the_owner_of_its_confidential_client(client, user):
    headers = bearer(None, ACCOUNT_READ, client=oidc_client(owner=user))
    assert client.get("/api/v1/me", headers=headers).json()["id"] == str(user.uuid)
    user.is_active = False
    user.save()
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_token_without_a_person_or_owner_is_nobodys(client, user):
    assert client.get("/api/v1/articles", headers=bearer(None, ARTICLES_READ)).status_code == 401
    public = oidc_client(owner=user)
    Client.objects.update(type=Client.Type.PUBLIC)
    public.refresh_from_db()
    assert (
        client.get("/api/v1/articles", headers=bearer(None, ARTICLES_READ, client=public)).status_code == 401
    )


def test_a_token_for_another_resource_is_refused(client, user):
    headers = bearer(user, ARTICLES_READ)
    token = Token.objects.get()
    token.set_resources(["http://testserver/api/v1/zones"])
    token.save()
    assert client.get("/api/v1/zones", headers=headers).status_code == 200
    assert client.get("/api/v1/articles", headers=headers).status_code == 401


def test_signing_out_everywhere_reaches_tokens_at_once(client, user):
    headers = bearer(user, ARTICLES_READ)
    Token.objects.update(expires_at=timezone.now())
    assert client.get("/api/v1/articles", headers=headers).status_code == 401
