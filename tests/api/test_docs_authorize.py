"""'Authorize' in the API documentation: each hop that the browser makes, from files of this server alone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from allauth.idp.oidc.models import Client as OIDCClient

from api.identity.docs_client import DOCS_CLIENT, keep_docs_client
from tests.api.test_oidc import authorize_url, consent
from tests.factories.gate import UserFactory, permit

pytestmark = pytest.mark.django_db

DOCS = "/api/v1/docs"


@pytest.fixture
def docs_client(settings):
    settings.XINGLIN_API_DOCS_SIGN_IN = True
    keep_docs_client()
    return OIDCClient.objects.get(pk=DOCS_CLIENT)


def attribute(page: str, name: str) -> str:
    return re.search(rf'data-{name}="([^"]*)"', page)[1]


def test_hop_by_hop(client, docs_client, settings):
    client.force_login(UserFactory())
    page = client.get(DOCS)
    text = page.content.decode()
    assert attribute(text, "client") == DOCS_CLIENT
    redirect = "http://testserver" + attribute(text, "redirect")
    assert docs_client.get_redirect_uris() == [redirect]
    flows = client.get("/api/v1/schema").json()["components"]["securitySchemes"]["openid"]["flows"]
    flow = flows["authorizationCode"]
    asked = authorize_url(
        {"client_id": DOCS_CLIENT}, redirect_uri=redirect, scope="account:read articles:read"
    )
    assert urlsplit(asked).path == flow["authorizationUrl"]
    code = consent(client, None, ["account:read"], address=asked, leads_to=redirect)
    data = {
        "grant_type": "authorization_code",
        "client_id": DOCS_CLIENT,
        "code": code,
        "redirect_uri": redirect,
    }
    token = client.post(flow["tokenUrl"], data | {"code_verifier": "v" * 64})
    assert token.status_code == 200, token.content
    client.logout()
    headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200


def test_the_page_it_comes_back_to_runs_under_the_policy(client):
    answer = client.get(f"{DOCS}/oauth2-redirect?code=x&state=y")
    assert answer.status_code == 200
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", answer.content.decode(), re.DOTALL)
    assert [content.strip() for _attributes, content in scripts] == [""]
    (source,) = re.findall(r'src="(/static/[^"]+)"', scripts[0][0])
    assert source.endswith("oauth2-redirect.js")
    # The popup keeps the page that opened it only within one opener policy.
    policies = {client.get(path)["Cross-Origin-Opener-Policy"] for path in (DOCS, f"{DOCS}/oauth2-redirect")}
    assert policies == {"same-origin"}


def test_on_a_developers_machine_it_has_each_name_of_the_machine(settings, docs_client):
    settings.XINGLIN_BASE_URL = "http://localhost:8180"
    keep_docs_client()
    docs_client.refresh_from_db()
    path = f":8180{DOCS}/oauth2-redirect"
    assert set(docs_client.get_redirect_uris()) == {
        f"http://{name}{path}" for name in ("localhost", "127.0.0.1", "[::1]")
    }


def test_it_can_be_switched_off(client, settings, docs_client):
    settings.XINGLIN_API_DOCS_SIGN_IN = False
    keep_docs_client()
    assert not OIDCClient.objects.exists()
    assert attribute(client.get(DOCS).content.decode(), "client") == ""


def test_the_admin_lists_it_and_leaves_it_alone(client, docs_client):
    rights = [f"allauth_idp_oidc.{act}_client" for act in ("change", "delete", "view")]
    client.force_login(permit(UserFactory(), "wagtailadmin.access_admin", *rights))
    assert DOCS_CLIENT in client.get("/admin/clients/").content.decode()
    for path in ("edit", "delete"):
        address = f"/admin/clients/{path}/{DOCS_CLIENT}/"
        assert address not in client.get("/admin/clients/").content.decode()
        assert client.post(address, {"name": "x"}).status_code in (302, 403)
    assert OIDCClient.objects.get() == docs_client
