"""Wrong passwords and codes, really typed at every address that takes one, and then the right one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.core import mail
from django.db.models import F
from django.test import Client
from django.urls import reverse

from gate.models import User
from tests.api.test_oidc import add_client, authorize_url
from tests.factories.gate import PASSWORD, UserFactory
from tests.factories.second_factors import TOTP, hotp_value, yield_hotp_counters_from_time
from tests.frontend_templates.pages import ENGLISH, filled, form_of, main_of

pytestmark = pytest.mark.django_db

LIMIT = 4
HERE, ELSEWHERE = "203.0.113.7", "203.0.113.8"
WRONG = "not the password"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def lock(settings):
    """As in production, with fewer attempts."""
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = LIMIT
    settings.AXES_COOLOFF_TIME = timedelta(minutes=15)


def browser(address: str = HERE) -> Client:
    return Client(headers=ENGLISH, REMOTE_ADDR=address)


def fill_sign_in(client: Client, path: str, user: User, password: str) -> Any:
    """Follow `path` to the form and fill it in."""
    page = client.get(path, follow=True)
    if page.status_code == 429:
        return page
    form = form_of(page)
    return client.post(form["action"], filled(form, login=user.email, password=password))


def on_the_site(client: Client, user: User, password: str) -> Any:
    return fill_sign_in(client, "/accounts/login/", user, password)


def at_the_admin(client: Client, user: User, password: str) -> Any:
    return fill_sign_in(client, "/admin/", user, password)


def at_the_admins_own_form(client: Client, user: User, password: str) -> Any:
    return fill_sign_in(client, "/admin/login/", user, password)


def for_a_front_end(client: Client, user: User, password: str) -> Any:
    return fill_sign_in(client, authorize_url({"client_id": client.app_id}), user, password)  # type: ignore[attr-defined]


def again(client: Client, user: User, password: str) -> Any:
    if "_auth_user_id" not in client.session:
        client.force_login(user)
    return client.post("/accounts/reauthenticate/", {"password": password})


def changing_it(client: Client, user: User, password: str) -> Any:
    if "_auth_user_id" not in client.session:
        client.force_login(user)
    new = {"password1": PASSWORD + " 2", "password2": PASSWORD + " 2"}
    return client.post("/accounts/password/change/", {"oldpassword": password} | new)


def with_a_code(client: Client, user: User, password: str) -> Any:
    """The password is right; what is guessed is the second factor."""
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, SECRET)
    if "account_login" not in client.session:
        answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        if answer.status_code == 429:
            return answer
    right = f"{hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))):06}"
    return client.post(reverse("mfa_authenticate"), {"code": right if password == PASSWORD else "000000"})


DOORS: dict[str, Callable[[Client, User, str], Any]] = {
    door.__name__: door
    for door in (
        on_the_site,
        at_the_admin,
        at_the_admins_own_form,
        for_a_front_end,
        again,
        changing_it,
        with_a_code,
    )
}


@pytest.fixture(params=DOORS.values(), ids=DOORS)
def type_at(request):
    """One door, in a browser that knows the client it signs in for."""
    app = add_client("--public", "--redirect-uri", "https://app.example.org/callback")

    def typed(client: Client, user: User, password: str) -> Any:
        client.app_id = app["client_id"]  # type: ignore[attr-defined]
        return request.param(client, user, password)

    return typed


def test_after_the_limit_the_right_password_is_refused_for_this_account_here(type_at):
    user, colleague = UserFactory(), UserFactory()
    guesser = browser()
    answers = [type_at(guesser, user, WRONG).status_code for _number in range(LIMIT)]
    assert answers == [200] * (LIMIT - 1) + [429]
    assert type_at(guesser, user, PASSWORD).status_code == 429
    answer = type_at(browser(), user, PASSWORD)
    assert answer.status_code == 429
    assert 14 * 60 < int(answer["Retry-After"]) <= 15 * 60
    assert "15 minutes" in main_of(answer).text
    assert answer["Cache-Control"] == "private, no-store"
    assert type_at(browser(), colleague, PASSWORD).status_code == 302, "others at the address go on"
    assert type_at(browser(ELSEWHERE), user, PASSWORD).status_code == 302, "so does the person elsewhere"


def test_one_lock_for_all_addresses(client):
    """Guesses at one address count at every other."""
    user = UserFactory()
    for door in (on_the_site, at_the_admin, again, changing_it):
        answer = door(browser(), user, WRONG)
    assert answer.status_code == 429
    assert on_the_site(browser(), user, PASSWORD).status_code == 429


def test_the_wait_that_is_named_is_true():
    user = UserFactory()
    for _number in range(LIMIT):
        on_the_site(browser(), user, WRONG)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=10))
    answer = on_the_site(browser(), user, PASSWORD)
    wait = int(answer["Retry-After"])
    assert 4 * 60 < wait <= 5 * 60
    assert "5 minutes" in main_of(answer).text
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(seconds=wait - 20))
    assert "in a minute" in main_of(on_the_site(browser(), user, PASSWORD)).text
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(seconds=21))
    assert on_the_site(browser(), user, PASSWORD).status_code == 302


def test_trying_on_during_the_pause_does_not_prolong_it():
    user = UserFactory()
    for _number in range(LIMIT):
        on_the_site(browser(), user, WRONG)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=14))
    for _number in range(3):
        answer = on_the_site(browser(), user, WRONG)
        assert int(answer["Retry-After"]) <= 60


def test_another_browser_or_another_spelling_is_no_way_around():
    user = UserFactory(email="lin@example.org")
    spellings = ("lin@example.org", "LIN@example.org", " Lin@Example.org ", "lin@EXAMPLE.org")
    for number, spelling in enumerate(spellings):
        answer = Client(headers={"User-Agent": f"browser {number}"}, REMOTE_ADDR=HERE).post(
            "/accounts/login/", {"login": spelling, "password": WRONG}
        )
    assert answer.status_code == 429
    assert on_the_site(browser(), user, PASSWORD).status_code == 429


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_no_header_makes_another_address(header):
    user = UserFactory()
    for number in range(LIMIT):
        answer = browser().post(
            "/accounts/login/",
            {"login": user.email, "password": WRONG},
            headers={header: f"192.0.2.{number}"},
        )
    assert answer.status_code == 429
    assert on_the_site(browser(), user, PASSWORD).status_code == 429


def test_a_whole_ipv6_network_is_one_address():
    user = UserFactory()
    for number in range(LIMIT):
        on_the_site(browser(f"2001:db8:1:2::{number}"), user, WRONG)
    assert on_the_site(browser("2001:db8:1:2:ffff::1"), user, PASSWORD).status_code == 429
    assert on_the_site(browser("2001:db8:1:3::1"), user, PASSWORD).status_code == 302


def test_an_unknown_address_is_locked_alike():
    stranger = User(email="nobody@example.org")
    answers = [on_the_site(browser(), stranger, WRONG).status_code for _number in range(LIMIT)]
    assert answers == [200] * (LIMIT - 1) + [429]


def test_what_is_kept_of_an_attempt_names_nobody():
    user = UserFactory(email="lin@example.org")
    on_the_site(browser(), user, WRONG)
    (kept,) = AccessAttempt.objects.values()
    assert re.fullmatch("[0-9a-f]{64}", kept["username"])
    assert not [name for name, value in kept.items() if "lin@" in str(value) or WRONG in str(value)]


def test_a_new_password_by_mail_ends_the_lock():
    user = UserFactory()
    for _number in range(LIMIT):
        on_the_site(browser(), user, WRONG)
    client = browser()
    client.post("/accounts/password/reset/", {"email": user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/reset/key/" in word)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD + " 2", "password2": PASSWORD + " 2"})
    assert on_the_site(client, user, PASSWORD + " 2").status_code == 302


def test_no_limit_of_allauths_comes_first(settings):
    settings.AXES_FAILURE_LIMIT = 50
    user = UserFactory()
    client = browser()
    for door in (on_the_site, again, changing_it):
        assert {door(client, user, WRONG).status_code for _number in range(12)} == {200}, door.__name__
