"""My data and privacy: correcting, taking out, having erased, on the site and without JavaScript."""

from __future__ import annotations

import io
import zipfile

import pytest

from gate.models import AuditEvent
from tests.factories.gate import PASSWORD, admitted_reader, gated_zone, reviewer
from tests.frontend_templates.pages import filled, get, main_of, post, screen, soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = admitted_reader(gated_zone(slug="z"), display_name="林一", locale="en")
    client.force_login(user)
    return user


def form_to(page, action: str):
    return main_of(page).find("form", action=action)


def test_the_page_shows_terms_and_who_looked_and_is_kept_nowhere(client, reader):
    page = get(client, "/me/data/")
    assert page["Cache-Control"] == "private, no-store"
    main = main_of(page)
    assert "30 days after the decision" in main.text
    assert len(main.select("#retention ~ .record")) >= 10
    assert "worked on a verification" in main.text


def test_name_and_language_are_corrected_in_one_form(client, reader):
    page = get(client, "/me/data/")
    form = form_to(page, "/me/data/#correct")
    response = post(client, "/me/data/", filled(form, display_name="林二"), follow=True)
    assert "Saved." in soup(response).select_one(".messages").text
    reader.refresh_from_db()
    assert reader.display_name == "林二"
    response = post(client, "/me/data/", filled(form, display_name="长" * 121))
    field = main_of(response).find(id="display_name")
    assert field["aria-invalid"] == "true"
    assert main_of(response).find(id=field["aria-describedby"]).text


def test_the_archive_comes_after_the_password(client, reader):
    form = form_to(get(client, "/me/data/"), "/me/data/export/")
    asked = post(client, form["action"], filled(form), follow=True)
    assert screen(asked) == "account/reauthenticate"
    password = main_of(asked).select_one("form[method=post]:not(#logout-from-stage)")
    wrong = post(client, password["action"], filled(password, password="not this one"))
    assert wrong.status_code == 200
    assert not AuditEvent.objects.filter(action="data_exported").exists()
    given = post(client, password["action"], filled(password, password=PASSWORD))
    assert given["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(given.streaming_content))) as found:
        assert "data.html" in found.namelist()
    assert AuditEvent.objects.filter(action="data_exported", subject=reader).count() == 1


def test_the_archive_is_at_no_address(client, reader):
    assert get(client, "/me/data/export/")["Location"] == "/me/data/"


def test_erasing_takes_two_screens_and_the_password_and_can_be_undone(client, reader):
    explained = get(client, "/me/data/erasure/")
    assert "the law asks us" in main_of(explained).text
    form = form_to(explained, "/me/data/erasure/confirm/")
    asked = post(client, form["action"], filled(form), follow=True)
    password = main_of(asked).select_one("form[method=post]:not(#logout-from-stage)")
    done = post(client, password["action"], filled(password, password=PASSWORD), follow=True)
    assert "will be erased on" in soup(done).select_one(".messages").text
    assert get(client, "/me/data/").status_code == 302
    reader.refresh_from_db()
    assert reader.erasure_due_at is not None
    back = post(client, "/accounts/login/", {"login": reader.email, "password": PASSWORD}, follow=True)
    assert "Your account stays" in soup(back).select_one(".messages").text
    assert get(client, "/me/data/").status_code == 200
    reader.refresh_from_db()
    assert reader.erasure_due_at is None


def test_staff_are_told_why_not(client):
    client.force_login(reviewer(locale="en"))
    post(client, "/accounts/reauthenticate/", {"password": PASSWORD})
    response = post(client, "/me/data/erasure/confirm/", {}, follow=True)
    assert "Ask an administrator" in soup(response).select_one(".messages").text


@pytest.mark.parametrize("path", ["/me/data/", "/me/data/erasure/"])
def test_pages_are_for_whoever_is_signed_in(client, path):
    assert get(client, path)["Location"] == f"/accounts/login/?next={path}"
