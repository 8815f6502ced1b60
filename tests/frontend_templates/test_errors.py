"""Error pages."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory

from frontend_templates.views import errors
from tests.frontend_templates.pages import ENGLISH, main_of


@pytest.mark.django_db
def test_not_found_tells_nothing_of_what_was_asked(client):
    response = client.get("/articles/x<script>/", headers=ENGLISH)
    assert response.status_code == 404
    assert b"x<script>" not in response.content
    assert main_of(response).find("a", href="/search/")


@pytest.mark.django_db
def test_a_failure_of_ours_is_a_page_that_tells_nothing_of_it(monkeypatch):
    def fail(*args):
        raise RuntimeError("secret")

    monkeypatch.setattr("frontend_templates.views.reading.zone_list", fail)
    client = Client(raise_request_exception=False)
    response = client.get("/", headers=ENGLISH)
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert main_of(response).h1.text.strip() == "Something went wrong on our side"


def test_the_page_of_a_failure_needs_nothing_that_could_have_failed(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    for name in (
        "django.urls.reverse",
        "django.templatetags.static.static",
        "django.urls.resolvers.get_resolver",
    ):
        monkeypatch.setattr(name, fail)
    # No database mark: a query would fail this test.
    page = errors.server_error(RequestFactory().get("/")).content.decode()
    sheets = re.findall(r'"/static/(site/css/[a-z]+\.css)"', page)
    assert len(sheets) == 4
    assert all(finders.find(sheet) for sheet in sheets)


@pytest.mark.django_db
def test_forbidden_and_too_fast_and_malformed():
    request = RequestFactory().get("/")
    assert errors.forbidden(request, PermissionDenied()).status_code == 403
    assert errors.bad_request(request, ValueError()).status_code == 400
    response = errors.too_many_requests(request)
    assert (response.status_code, response["Cache-Control"]) == (429, "private, no-store")
    assert response["Retry-After"]
