"""Switching optional mails off and on again, without scripts."""

from __future__ import annotations

import pytest

from gate.models import User
from gate.notify.notifications import wants_optional_mails
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db


def test_optional_mails_are_switched_off_and_on(client):
    reader = UserFactory()
    client.force_login(reader)
    assert 'name="optional"' not in client.get("/me/").content.decode()
    client.post("/me/mails/")
    assert not wants_optional_mails(reader)
    assert 'name="optional"' in client.get("/me/").content.decode()
    assert client.post("/me/mails/", {"optional": "on"}).status_code == 302
    assert wants_optional_mails(reader)


def test_it_needs_an_account_and_a_post(client):
    assert client.post("/me/mails/").status_code == 302
    client.force_login(UserFactory())
    assert client.get("/me/mails/")["Location"] == "/me/"
    assert wants_optional_mails(User.objects.get())
