"""Wagtail's own ways in lead through allauth, all of them."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import get_resolver

from gate.models import User
from tests.factories.gate import PASSWORD, UserFactory, permit

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return permit(UserFactory(), "wagtailadmin.access_admin")


def test_signing_in_at_the_admin_is_signing_in_at_the_site(client, editor):
    answer = client.get("/admin/pages/")
    assert answer["Location"] == "/admin/login/?next=/admin/pages/"
    answer = client.get(answer["Location"])
    assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2Fpages%2F"
    answer = client.post(
        "/accounts/login/", {"login": editor.email, "password": PASSWORD, "next": "/admin/pages/"}
    )
    assert answer["Location"] == "/admin/pages/"


def test_a_password_posted_to_the_admins_form_signs_nobody_in(client, editor):
    answer = client.post("/admin/login/", {"username": editor.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_next_leads_nowhere_else(client, editor, evil):
    assert client.get("/admin/login/", {"next": evil})["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    client.force_login(editor)
    assert client.get("/admin/login/", {"next": evil})["Location"] == "/admin/"


def test_who_is_signed_in_without_access_is_told_so_and_not_sent_round(client):
    client.force_login(UserFactory())
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/admin/password_reset/",
        "/admin/password_reset/done/",
        "/admin/password_reset/confirm/MQ/abc-def/",
        "/admin/password_reset/complete/",
    ],
)
def test_every_step_of_wagtails_reset_is_allauths(client, editor, path):
    for answer in (client.get(path), client.post(path, {"email": editor.email})):
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/")
    assert mail.outbox == []


def test_signing_out_of_the_admin_is_allauths(client, editor):
    client.force_login(editor)
    assert client.post("/admin/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_the_admins_account_page_changes_neither_password_nor_address(client, editor):
    client.force_login(editor)
    page = client.get("/admin/account/")
    assert page.status_code == 200
    for field in (b'name="password-new_password1"', b'name="name_email-email"'):
        assert field not in page.content
    data = {
        "name-display_name": "林知远",
        "name_email-email": "other@example.org",
        "password-old_password": PASSWORD,
        "password-new_password1": "another long password",
        "password-new_password2": "another long password",
    }
    looks = {"theme-theme": "dark", "theme-density": "snug", "theme-contrast": "system"}
    answer = client.post("/admin/account/", data | looks)
    assert answer.status_code == 302, "what may be changed is"
    kept = User.objects.get(pk=editor.pk)
    assert (kept.display_name, kept.wagtail_userprofile.theme) == ("林知远", "dark")
    assert kept.email == editor.email
    assert kept.check_password(PASSWORD)


def test_no_other_form_of_django_or_wagtail_takes_a_password():
    """A new one (an update of Wagtail, django.contrib.auth.urls) fails here until it has a door."""
    taking = {
        "wagtail.admin.views.account": {"LoginView", "PasswordResetView", "PasswordResetConfirmView"},
        "django.contrib.auth.views": {"LoginView", "PasswordChangeView", "PasswordResetView"},
    }
    reached = set()

    def visit(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                visit(pattern.url_patterns, route)
            else:
                view = getattr(pattern.callback, "view_class", None)
                bases = {(base.__module__, base.__name__) for base in getattr(view, "__mro__", ())}
                if any((module, name) in bases for module, names in taking.items() for name in names):
                    reached.add(route)

    visit(get_resolver().url_patterns)
    assert reached == {
        "admin/login/",
        "admin/password_reset/",
        "admin/password_reset/confirm/<uidb64>/<token>/",
    }, "each of these is shadowed by config.doors"
