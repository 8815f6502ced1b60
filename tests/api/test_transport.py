"""Around every resource: methods, formats, CORS, throttles, failures."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.test_gate import assert_problem
from tests.api.whole_article import golden_article, golden_zone
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db

ADDRESSES = ["/api/v1/zones", "/api/v1/articles", "/api/v1/search", "/api/v1/me", "/api/v1/schema"]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        (method, address)
        for method in ("post", "put", "patch", "delete", "trace")
        for address in ADDRESSES
        if (method, address) != ("patch", "/api/v1/me")  # the one that is offered
    ],
)
def test_methods_that_are_not_offered(client, address, method):
    client.force_login(UserFactory())
    problem = assert_problem(getattr(client, method)(address), 405, "method_not_allowed")
    assert problem["detail"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/v1/gate/zones/nowhere", "/api/v1/nowhere"])
def test_options_tell_methods_and_nothing_else(client, address):
    answer = client.options(address)
    if address.endswith("/v1/nowhere"):
        assert_problem(answer, 404, "not_found")
    else:
        assert (answer.status_code, answer.content) == (204, b"")
        assert "GET" in answer["Allow"]


def test_head_is_get_without_the_body(client):
    ZonePageFactory()
    got, head = client.get("/api/v1/zones"), client.head("/api/v1/zones")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(got.content))


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png"])
def test_other_formats_are_not_acceptable(client, accept):
    assert_problem(client.get("/api/v1/zones", headers={"Accept": accept}), 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*;q=0.5", "text/html, */*;q=0.1"])
def test_json_is_acceptable(client, accept):
    assert client.get("/api/v1/zones", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["", "x", "articles/", "articles.json", "zones//", "articles/1", "articles/%0A", "../v1/x"],
)
@pytest.mark.parametrize("method", ["get", "post", "head", "delete"])
def test_every_other_address_is_a_problem_whatever_the_method(path, method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_any_origin_may_call_but_no_cookie_goes_along(client):
    for answer in (
        client.get("/api/v1/zones"),
        client.get("/api/v1/zones?x=1"),
        client.get("/api/v1/nowhere"),
        client.options("/api/v1/articles", headers={"Access-Control-Request-Method": "GET"}),
    ):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
    assert "Authorization" in answer["Access-Control-Allow-Headers"]


def test_a_failure_is_a_500_that_tells_nothing(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("secret at /srv/xinglin")

    monkeypatch.setattr("api.zones.zone_list", fail)
    answer = Client(raise_request_exception=False).get("/api/v1/zones")
    assert_problem(answer, 500, "server_error")
    assert b"secret" not in answer.content
    assert b"Traceback" not in answer.content


def test_a_gate_that_fails_denies(client, monkeypatch):
    """Deny by default: whatever breaks in the gate, the gated text stays where it is."""

    def fail(*args, **kwargs):
        raise RuntimeError("database gone")

    article = golden_article()
    client.force_login(UserFactory())
    monkeypatch.setattr("gate.decision.access.load_subject", fail)
    client.raise_request_exception = False
    answer = client.get(f"/api/v1/articles/{article.uuid}")
    assert "云母" not in answer.content.decode()
    listed = client.get("/api/v1/articles")
    assert "云母" not in listed.content.decode()


@pytest.mark.parametrize(("kind", "address"), [("read", "/api/v1/zones"), ("search", "/api/v1/search?q=a")])
def test_too_many_requests(client, settings, kind, address):
    settings.XINGLIN_API_RATES = {kind: "2/day"}
    golden_zone()
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get(address)
    assert_problem(answer, 429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 86400
    other = "/api/v1/search?q=a" if kind == "read" else "/api/v1/zones"
    assert client.get(other).status_code == 200
    client.force_login(UserFactory())
    assert client.get(address).status_code == 200, "each account has a counter of its own"


def test_too_many_steps(client, settings):
    settings.XINGLIN_API_RATES = {"write": "1/day"}
    client.force_login(UserFactory())
    zone = ZonePageFactory()
    address = f"/api/v1/gate/zones/{zone.slug}/steps/0"
    client.post(address, {}, content_type="application/json")
    assert_problem(client.post(address, {}, content_type="application/json"), 429, "throttled")
    assert client.get("/api/v1/zones").status_code == 200


def test_messages_follow_accept_language(client):
    ArticlePageFactory()
    english = client.get("/api/v1/nowhere", headers={"Accept-Language": "en"})
    chinese = client.get("/api/v1/nowhere", headers={"Accept-Language": "zh-CN"})
    assert (english.json()["title"], chinese.json()["title"]) == ("Not found", "未找到")
    assert "Accept-Language" in english["Vary"]
