"""Registering: an address counts when it is confirmed, and no response reveals which addresses are known."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from gate.models import User
from gate.people.signin.unconfirmed import discard_unconfirmed
from tests.factories.gate import PASSWORD, UserFactory, admitted_reader, application, credential, gated_zone
from tests.frontend_templates.pages import ENGLISH, code_in

pytestmark = pytest.mark.django_db

EMAIL, KNOWN = "lin@example.org", "ann@example.org"  # of one length, as the pages are compared


def register(client: Client, email: str = EMAIL, password: str = PASSWORD, **kwargs: Any) -> Any:
    return client.post("/accounts/signup/", {"email": email, "password1": password}, **kwargs)


def confirm(client: Client, code: str) -> Any:
    return client.post("/accounts/confirm-email/", {"code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def what_is_seen(answer: Any) -> tuple[Any, ...]:
    """All that a stranger gets: status, headers, the page but for its one-time tokens."""
    body = re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]+', r"\1", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
    cookies = {name: morsel["max-age"] for name, morsel in answer.cookies.items()}
    return answer.status_code, headers, cookies, body.replace(KNOWN, EMAIL)


def test_the_code_from_the_mail_confirms_and_signs_in(client):
    register(client)
    assert not signed_in(client)
    (message,) = mail.outbox
    assert message.to == [EMAIL]
    confirm(client, code_in(message))
    assert signed_in(client)
    assert EmailAddress.objects.get(email=EMAIL).verified


def test_known_and_unknown_addresses_answer_alike():
    UserFactory(email=KNOWN)
    unknown, known = Client(headers=ENGLISH), Client(headers=ENGLISH)
    assert what_is_seen(register(unknown)) == what_is_seen(register(known, KNOWN))
    path = "/accounts/confirm-email/"
    assert what_is_seen(unknown.get(path)) == what_is_seen(known.get(path))
    assert what_is_seen(confirm(unknown, "000000")) == what_is_seen(confirm(known, "000000"))
    assert [len(message.to) for message in mail.outbox] == [1, 1], "each owner gets one mail"


def test_reset_answers_alike_too():
    UserFactory(email=KNOWN)
    path = "/accounts/password/reset/"
    answers = [
        what_is_seen(Client(headers=ENGLISH).post(path, {"email": email}, follow=True))
        for email in (EMAIL, KNOWN)
    ]
    assert answers[0] == answers[1]


def test_the_owner_of_a_known_address_is_told_and_nothing_changes(client):
    user = UserFactory(email=EMAIL)
    register(client, EMAIL.upper(), "another long password")
    (message,) = mail.outbox
    assert message.to == [EMAIL]
    assert "/accounts/password/reset/" in message.body
    assert User.objects.get(email=EMAIL).pk == user.pk
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)


def test_an_unconfirmed_address_gets_no_session_by_signing_in(client):
    user = UserFactory(email=EMAIL, confirmed=False)
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert not signed_in(client)
    assert client.get("/me/").status_code == 302
    assert client.get("/api/v1/me").status_code == 401
    zone = gated_zone("verification", slug="z")
    form = application() | {"credentials": credential(), "zone": zone.slug}
    client.post("/gate/verification/", form)
    client.post("/api/v1/gate/verification", form)
    assert not user.verifications.exists()
    confirm(client, code_in(mail.outbox[-1]))
    assert signed_in(client)


def test_the_owner_registers_though_a_stranger_did_before():
    stranger, owner = Client(), Client()
    register(stranger, password="the stranger's password")
    first = User.objects.get(email=EMAIL)
    register(owner, REMOTE_ADDR="203.0.113.9")
    assert User.objects.get(email=EMAIL).pk != first.pk
    assert not User.objects.filter(pk=first.pk).exists()


def test_what_the_owner_confirms_is_never_the_strangers_password(settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    owner, stranger = Client(), Client()
    register(owner)
    code = code_in(mail.outbox[-1])
    register(stranger, password="the stranger's password")
    confirm(owner, code)  # of the account that is gone
    assert not EmailAddress.objects.filter(verified=True).exists()
    owner = Client()
    register(owner)
    confirm(owner, code_in(mail.outbox[-1]))
    assert signed_in(owner)
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)


@pytest.mark.parametrize("reason", ["group", "superuser", "inactive", "used"])
def test_an_account_that_staff_made_or_a_person_used_does_not_give_way(client, reason):
    user = UserFactory(email=EMAIL, confirmed=False)
    match reason:
        case "group":
            user.groups.add(Group.objects.create(name="编辑部"))
        case "superuser":
            User.objects.filter(pk=user.pk).update(is_superuser=True)
        case "inactive":
            User.objects.filter(pk=user.pk).update(is_active=False)
        case "used":
            client.force_login(user)
            client.logout()
    register(client, password="another long password")
    assert User.objects.get(email=EMAIL).pk == user.pk
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)


def test_nor_does_one_with_evidence_on_record():
    user = admitted_reader(gated_zone("agreement", audience="registered"))
    EmailAddress.objects.filter(user=user).update(verified=False)
    User.objects.filter(pk=user.pk).update(last_login=None)
    assert not discard_unconfirmed(user=User.objects.get(pk=user.pk))
    assert User.objects.filter(pk=user.pk).exists()


def test_three_wrong_codes_end_the_attempt(client):
    register(client)
    code = code_in(mail.outbox[-1])
    wrong = "000000" if code != "000000" else "000001"
    for _number in range(3):
        confirm(client, wrong)
    confirm(client, code)
    assert not signed_in(client)


class TestMailsAreLimited:
    """Per mailbox and per client address, with the true wait."""

    def test_for_one_person_from_many_addresses(self):
        UserFactory(email=EMAIL)
        answers = [
            Client(REMOTE_ADDR=f"203.0.113.{number}").post("/accounts/password/reset/", {"email": EMAIL})
            for number in range(7)
        ]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 2
        assert 3500 < int(answers[-1]["Retry-After"]) <= 3600
        assert len(mail.outbox) == 5

    def test_for_many_people_from_one_address(self, settings):
        settings.ACCOUNT_RATE_LIMITS = {"reset_password": "5/h/key,3/h/ip"}
        answers = [
            Client().post("/accounts/password/reset/", {"email": f"reader{number}@example.org"})
            for number in range(5)
        ]
        assert [answer.status_code for answer in answers] == [302] * 3 + [429] * 2
        assert len(mail.outbox) == 3

    def test_codes_are_too(self):
        UserFactory(email=EMAIL, confirmed=False)
        for _number in range(3):
            Client().post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
        assert len(mail.outbox) == 1

    def test_the_wait_for_another_code_is_named(self, client):
        register(client)
        answer = client.post("/accounts/confirm-email/", {"action": "resend"}, headers=ENGLISH)
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 10
        assert len(mail.outbox) == 1
