"""A changed password, factor or right: what ends with it, and who hears of it."""

from __future__ import annotations

import pytest
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from gate.models import Notice, User
from gate.notify.catalogue import TO_READER
from gate.people.grants import Right, grant, revoke_grant
from gate.people.signin.changes import PASSWORD_CHANGED, RIGHTS_CHANGED, SECOND_FACTOR_CHANGED
from gate.privacy.erasure import erase
from tests.api.test_oidc import add_client, consent, exchange
from tests.factories.gate import PASSWORD, UserFactory, gated_zone
from tests.factories.second_factors import TOTP

pytestmark = pytest.mark.django_db

NEW = "another long password"


@pytest.fixture
def user():
    return UserFactory(last_login=timezone.now())


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("event", flat=True))


def change_it_oneself(client: Client, user: User) -> None:
    client.force_login(user)
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 302


def reset_it_by_mail(client: Client, user: User) -> None:
    client.post("/accounts/password/reset/", {"email": user.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/reset/key/" in word)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})


def have_it_set_by_another(client: Client, user: User) -> None:
    user.set_password(NEW)
    user.save()


def have_it_switched_off(client: Client, user: User) -> None:
    user.set_unusable_password()
    user.save(update_fields=["password"])


def type_it_on_the_command_line(client: Client, user: User) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda *args, **kwargs: NEW)
        call_command("changepassword", user.email, verbosity=0)


@pytest.mark.parametrize(
    "change",
    [
        change_it_oneself,
        reset_it_by_mail,
        have_it_set_by_another,
        have_it_switched_off,
        type_it_on_the_command_line,
    ],
)
def test_a_new_password_ends_every_other_session_and_every_token(client, user, change, capsys):
    app = add_client("--public", "--redirect-uri", "https://app.example.org/callback")
    elsewhere = Client()
    elsewhere.force_login(user)
    token = exchange(elsewhere, app, consent(elsewhere, app)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/me", headers=headers).status_code == 200
    change(client, User.objects.get(pk=user.pk))
    assert not Token.objects.filter(user=user).exists()
    assert Client().get("/api/v1/me", headers=headers).status_code == 401
    assert elsewhere.get("/api/v1/me").status_code == 401
    assert elsewhere.get("/me/").status_code == 302
    assert told(user) == [PASSWORD_CHANGED]


def test_other_peoples_tokens_stay(client, user):
    app = add_client("--public", "--redirect-uri", "https://app.example.org/callback")
    other = UserFactory()
    client.force_login(other)
    exchange(client, app, consent(client, app))
    before = Token.objects.filter(user=other).count()
    have_it_set_by_another(client, user)
    assert Token.objects.filter(user=other).count() == before > 0


def test_a_password_that_is_hashed_in_a_newer_way_is_no_new_one(user, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    old = user.password
    assert user.check_password(PASSWORD)
    assert User.objects.get(pk=user.pk).password != old
    assert told(user) == []


def join_a_group(user: User) -> None:
    user.groups.add(Group.objects.create(name="新组"))


def be_added_to_a_group(user: User) -> None:
    Group.objects.create(name="新组").user_set.add(user)


def leave_all_groups(user: User) -> None:
    user.groups.add(Group.objects.create(name="新组"))
    Notice.objects.all().delete()
    user.groups.clear()


def get_a_permission(user: User) -> None:
    user.user_permissions.add(Permission.objects.first())


def have_ones_group_changed(user: User) -> None:
    group = Group.objects.create(name="新组")
    group.user_set.add(user)
    Notice.objects.all().delete()
    group.permissions.add(Permission.objects.first())


def become_a_superuser(user: User) -> None:
    user.is_superuser = True
    user.save()


def get_a_right_on_a_zone(user: User) -> None:
    grant(user=user, zone_id=gated_zone().pk, right=Right.REVIEW, reason="r", by=None)


def lose_a_right_on_a_zone(user: User) -> None:
    row = grant(user=user, zone_id=gated_zone().pk, right=Right.REVIEW, reason="r", by=None)
    Notice.objects.all().delete()
    revoke_grant(row, by=None)


def get_a_right_through_ones_group(user: User) -> None:
    group = Group.objects.create(name="新组")
    group.user_set.add(user)
    Notice.objects.all().delete()
    grant(group=group, zone_id=gated_zone().pk, right=Right.SEE_CREDENTIALS, reason="r", by=None)


@pytest.mark.parametrize(
    "change",
    [
        join_a_group,
        be_added_to_a_group,
        leave_all_groups,
        get_a_permission,
        have_ones_group_changed,
        become_a_superuser,
        get_a_right_on_a_zone,
        lose_a_right_on_a_zone,
        get_a_right_through_ones_group,
    ],
)
def test_who_has_another_right_than_before_hears_of_it_once(user, change):
    bystander = UserFactory(last_login=timezone.now())
    change(user)
    assert told(user) == [RIGHTS_CHANGED]
    assert told(bystander) == []


def test_an_account_that_was_never_used_has_nobody_to_tell():
    user = UserFactory()
    join_a_group(user)
    assert told(user) == []


def test_a_factor_added_and_taken_away_is_told(user):
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    assert told(user) == [SECOND_FACTOR_CHANGED]
    Notice.objects.all().delete()
    Authenticator.objects.filter(user=user).delete()
    assert told(user) == [SECOND_FACTOR_CHANGED]


def test_saving_anything_else_tells_nothing(user):
    user.display_name = "林知远"
    user.save()
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])
    assert told(user) == []


def test_who_is_erased_is_not_written_to(user):
    user.groups.add(Group.objects.create(name="新组"))
    Notice.objects.all().delete()
    User.objects.filter(pk=user.pk).update(erasure_due_at=timezone.now(), erasure_requested_at=timezone.now())
    assert erase(user_id=user.pk)
    assert told(user) == []


@pytest.mark.parametrize("event", [PASSWORD_CHANGED, SECOND_FACTOR_CHANGED, RIGHTS_CHANGED])
def test_the_mail_is_in_the_persons_language_and_cannot_be_switched_off(
    user, event, django_capture_on_commit_callbacks
):
    from gate.people.signin.changes import notify_of_change

    with django_capture_on_commit_callbacks(execute=True):
        notify_of_change(event, [user])
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert not TO_READER[event].optional
    assert not any("a" <= letter <= "z" for letter in message.subject)
