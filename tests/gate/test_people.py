"""Accounts: who is who, and the admin screens that manage them."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from gate.models import User
from tests.factories.gate import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="管理员"))
    client.force_login(user)
    return user


def test_an_address_is_one_account_in_any_case(rf):
    user = UserFactory(email=" Lin@Example.ORG ")
    assert user.email == "lin@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="LIN@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="LIN@EXAMPLE.ORG")])
    assert User.objects.get_by_natural_key("LIN@example.org") == user


def test_people_sign_in_by_address(client, rf):
    user = UserFactory()
    assert authenticate(rf.post("/"), email=user.email, password=PASSWORD) == user
    assert authenticate(rf.post("/"), email=user.email, password="wrong") is None


def test_an_account_needs_an_address():
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user("")


def test_a_name_is_optional():
    user = UserFactory(display_name="", email="a@example.org")
    assert (user.get_full_name(), user.get_short_name(), str(user)) == ("", "a@example.org", "a@example.org")


def form(**changes):
    data = {"email": "new@example.org", "display_name": "新编辑", "locale": "zh-hans"}
    return data | {"password1": PASSWORD, "password2": PASSWORD} | changes


def test_staff_make_and_change_accounts(client, administrator):
    add = reverse("wagtailusers_users:add")
    assert "display_name" in client.get(add).content.decode()
    editors = Group.objects.get(name="编辑")
    client.post(add, form(groups=[editors.pk]))
    made = User.objects.get(email="new@example.org")
    assert (made.display_name, list(made.groups.all()), made.is_superuser) == ("新编辑", [editors], False)
    edit = reverse("wagtailusers_users:edit", args=[made.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, form(display_name="改名", password1="", password2="", is_active="on"))
    made.refresh_from_db()
    assert (made.display_name, made.is_active) == ("改名", True)
    assert "改名" in client.get(reverse("wagtailusers_users:index"), {"q": "改名"}).content.decode()


def test_nobody_climbs(client, administrator):
    client.post(reverse("wagtailusers_users:add"), form(is_superuser="on"))
    assert User.objects.get(email="new@example.org").is_superuser is False
    reviewers = Group.objects.get(name="认证审核")
    own = reverse("wagtailusers_users:edit", args=[administrator.pk])
    client.post(own, form(email=administrator.email, groups=[reviewers.pk], is_superuser="on"))
    administrator.refresh_from_db()
    assert administrator.display_name == "新编辑"
    assert [group.name for group in administrator.groups.all()] == ["管理员"]
    assert administrator.is_superuser is False
    bulk = reverse("wagtail_bulk_action", args=["gate", "user", "assign_role"]) + f"?id={administrator.pk}"
    client.post(bulk, {"role": reviewers.pk})
    assert [group.name for group in administrator.groups.all()] == ["管理员"]


def test_only_superusers_change_superusers(client, administrator):
    boss = UserFactory(is_superuser=True)
    edit = reverse("wagtailusers_users:edit", args=[boss.pk])
    assert client.get(edit).status_code == 302
    client.post(edit, form(email=boss.email))
    bulk = reverse("wagtail_bulk_action", args=["gate", "user", "set_active_state"]) + f"?id={boss.pk}"
    client.post(bulk, {"mark_as_active": "False"})
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.check_password(PASSWORD)
    assert boss.display_name != "新编辑"


def test_nobody_is_deleted_not_even_by_a_superuser(client):
    client.force_login(UserFactory(is_superuser=True))
    reader = UserFactory()
    client.post(reverse("wagtailusers_users:delete", args=[reader.pk]))
    client.post(reverse("wagtail_bulk_action", args=["gate", "user", "delete"]) + f"?id={reader.pk}")
    assert User.objects.filter(pk=reader.pk).exists()
    listing = client.get(reverse("wagtailusers_users:index")).content.decode()
    assert reverse("wagtailusers_users:delete", args=[reader.pk]) not in listing
