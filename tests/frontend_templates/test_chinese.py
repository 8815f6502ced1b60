"""Chinese pages and mails hold no English: neither the site's, nor those that come from allauth."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import allauth
import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone, translation

from cms.site_profile import named_site
from tests.api.test_oidc import REDIRECT, add_client, authorize_url
from tests.factories.bodies import gate_line, paragraph
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import UserFactory, admitted_reader, gated_zone, take_steps, verification_in

pytestmark = pytest.mark.django_db

CHINESE = {"Accept-Language": "zh-CN"}
# What has no Chinese name, or is a name.
NAMES = re.compile(
    r"(hcp|icp|pdf|jpeg|jpg|png|heic|webp|mb|kb|zip|json|totp|https?|csv|utf|qr|sha|openid|api|word|english|xinglin"
    r"|google|authenticator|microsoft|id|cookie|ip|url|orcid|doi|cc|by|nd|nc|sa|oauth|pkce)",
    re.IGNORECASE,
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\b[\w.-]+\.(?:org|com|test|html?|txt)\b|localhost\S*|testserver\S*|/\S+|#\S+"
)
ATTRIBUTES = ("title", "placeholder", "aria-label", "alt", "data-sending")
# Of what this product does not offer (no phone numbers, no passkeys, no sign-in by code, no device flow).
NOT_OFFERED = re.compile(
    r"phone|webauthn|passkey|login_code|device_|socialaccount|usersessions|openid/|unknown_account"
)


def english_in(text: str) -> list[str]:
    """The English words of a text, without addresses and names."""
    found = WORD.findall(NO_WORDS.sub(" ", text))
    return [word for word in found if not NAMES.fullmatch(word)]


def texts_of(page: bytes) -> str:
    """What a reader of the page sees or hears."""
    soup = BeautifulSoup(page, "html.parser")
    for gone in soup(["script", "style", "code", "pre", "svg"]):
        gone.decompose()
    spoken = [str(tag[name]) for tag in soup.find_all(True) for name in ATTRIBUTES if tag.get(name)]
    spoken += [
        str(tag["value"]) for tag in soup.select("input[type=submit], input[type=button]") if tag.get("value")
    ]
    spoken += [str(tag["content"]) for tag in soup.select("meta[name=description]")]
    return " \n ".join([soup.get_text(" "), *spoken])


def check(answer, where: str) -> None:
    assert answer.status_code in (200, 403, 404, 422), (where, answer.status_code)
    assert english_in(texts_of(answer.content)) == [], where
    assert "example" not in texts_of(answer.content).replace("example.org", ""), where


def allauth_texts() -> list[str]:
    """The names of allauth's templates of text: mails and messages of what we offer."""
    root = Path(allauth.__file__).parent / "templates"
    names = [str(path.relative_to(root)) for path in root.rglob("*.txt")]
    return sorted(name for name in names if not NOT_OFFERED.search(name))


@pytest.mark.parametrize("name", allauth_texts())
def test_mails_and_messages_of_allauth(name):
    request = RequestFactory().get("/", headers=CHINESE)
    user = UserFactory(display_name="林知远", email="reader@example.org")
    request.user = user
    context = {
        "request": request,
        "user": user,
        "email": user.email,
        "current_site": named_site(),
        "code": "123456",
        "activate_url": "https://xinglin.example.org/accounts/confirm-email/x/",
        "password_reset_url": "https://xinglin.example.org/accounts/password/reset/x/",
        "signup_url": "https://xinglin.example.org/accounts/signup/",
        "from_email": "old@example.org",
        "to_email": "new@example.org",
        "deleted_email": "old@example.org",
        "new_email": "new@example.org",
        "ip": "192.0.2.1",
        "user_agent": "",
        "timestamp": timezone.now(),
        "unused_codes": ["12345678"],
        "email_address": SimpleNamespace(email=user.email),
    }
    with translation.override("zh-hans"):
        text = render_to_string(name, context)
    assert english_in(text) == [], text
    if name.endswith("_message.txt"):
        assert named_site().name in text
        assert "Hello" not in text


def paths_of_accounts() -> list[str]:
    """Every address of allauth's account and second-factor pages that needs no argument."""
    found = []
    for name in get_resolver().reverse_dict:
        if not isinstance(name, str) or not name.startswith(("account_", "mfa_")) or NOT_OFFERED.search(name):
            continue
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(found)


@pytest.mark.parametrize("signed_in", [False, True])
def test_pages_of_allauth(client, signed_in):
    if signed_in:
        client.force_login(UserFactory())
    paths = paths_of_accounts()
    assert len(paths) > 10
    for path in paths:
        check(client.get(path, headers=CHINESE, follow=True), path)


def test_forms_of_allauth_with_errors(client):
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        check(
            client.post(
                path, {"login": "x", "email": "x", "password": "1", "password1": "1"}, headers=CHINESE
            ),
            path,
        )
    check(client.get("/accounts/password/reset/key/1-x/", headers=CHINESE, follow=True), "key")
    check(client.get("/accounts/confirm-email/x/", headers=CHINESE, follow=True), "confirm")


def test_pages_of_the_provider(client):
    client.force_login(UserFactory(email="reader@example.org"))
    app = add_client("--public", "--redirect-uri", REDIRECT)
    check(client.get(authorize_url(app), headers=CHINESE), "consent")
    check(client.get(authorize_url(app, redirect_uri="https://evil.example.org/"), headers=CHINESE), "error")
    check(client.get("/identity/o/logout", headers=CHINESE), "logout")


def test_pages_of_the_site(client):
    zone = gated_zone(slug="z", title="消化专区")
    article = ArticlePageFactory(
        parent=zone, title="幽门螺杆菌", body=[paragraph("引言"), gate_line(), paragraph("正文")]
    )
    paths = [
        "/",
        "/zones/z/",
        f"/articles/{article.uuid}/",
        "/search/?q=幽门",
        "/nowhere/",
        "/gate/z/",
        "/gate/verification/",
        "/me/",
        "/me/data/",
        "/me/data/erasure/",
        "/consent-receipts/verify/",
    ]
    for user in (None, UserFactory(), admitted_reader(zone)):
        client.logout()
        if user is not None:
            client.force_login(user)
        for path in paths:
            check(client.get(path, headers=CHINESE, follow=True), path)
    check(client.post("/gate/verification/", {}, headers=CHINESE), "empty form")


@pytest.mark.parametrize("case", ["submitted", "needs_answer", "approved", "rejected", "expired", "revoked"])
def test_gate_screens(client, case):
    zone = gated_zone(slug="z", title="消化专区")
    user = UserFactory()
    take_steps(user, zone, until="verification")
    verification_in(case, user, zone=zone)
    client.force_login(user)
    for path in ("/gate/z/", "/gate/z/?change", "/gate/verification/", "/gate/verification/appeal/", "/me/"):
        check(client.get(path, headers=CHINESE, follow=True), path)


@pytest.mark.parametrize("until", ["agreement", "consent", "profile", "survey", "verification"])
def test_gate_steps(client, until):
    zone = gated_zone(slug="z", title="消化专区")
    user = UserFactory()
    take_steps(user, zone, until=until)
    client.force_login(user)
    check(client.get("/gate/z/", headers=CHINESE), until)
