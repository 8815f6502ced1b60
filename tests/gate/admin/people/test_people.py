"""Accounts: who is who, and the admin screens that manage them."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from gate.models import AuditEvent, ProposedGrant, User
from gate.people.grants import has_right
from gate.people.reviewing import is_reviewer
from tests.factories.gate import PASSWORD, UserFactory, gated_zone, permit

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
    return data | changes


def test_staff_make_and_change_accounts(client, administrator):
    add = reverse("wagtailusers_users:add")
    assert "display_name" in client.get(add).content.decode()
    editors = Group.objects.get(name="编辑")
    client.post(add, form(groups=[editors.pk]))
    made = User.objects.get(email="new@example.org")
    assert (made.display_name, list(made.groups.all()), made.is_superuser) == ("新编辑", [editors], False)
    edit = reverse("wagtailusers_users:edit", args=[made.pk])
    assert client.get(edit).status_code == 200
    client.post(edit, form(email=made.email, display_name="改名", is_active="on"))
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


def test_a_new_account_has_no_password_and_its_owner_gets_the_link(client, administrator, mailoutbox):
    client.post(reverse("wagtailusers_users:add"), form())
    made = User.objects.get(email="new@example.org")
    assert not made.has_usable_password()
    [mail] = mailoutbox
    assert mail.to == [made.email]
    link = re.search(r"https?://[^/\s]+(/\S+)", mail.body)[1]
    client.logout()
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    new = "a password of one's own"
    client.post(address, {"password1": new, "password2": new})
    made.refresh_from_db()
    assert made.check_password(new)
    acts = AuditEvent.objects.filter(subject=made).values_list("action", flat=True)
    assert {"person_created", "password_link_sent"} <= set(acts)


def test_instead_of_a_password_its_owner_gets_a_link(client, administrator, mailoutbox):
    reader = UserFactory()
    edit = reverse("wagtailusers_users:edit", args=[reader.pk])
    assert "password1" not in client.get(edit).content.decode()
    link = reverse("wagtailusers_users:send_link", args=[reader.pk])
    assert link in client.get(edit).content.decode()
    assert client.get(link).status_code == 200
    assert mailoutbox == []
    client.post(link)
    assert [mail.to for mail in mailoutbox] == [[reader.email]]
    reader.refresh_from_db()
    assert reader.check_password(PASSWORD)
    event = AuditEvent.objects.get(action="password_link_sent")
    assert (event.actor, event.subject) == (administrator, reader)


def test_a_changed_address_is_unconfirmed_and_the_old_one_hears_of_it(
    client, administrator, mailoutbox, django_capture_on_commit_callbacks
):
    reader = UserFactory(email="old@example.org")
    EmailAddress.objects.update_or_create(
        user=reader, email=reader.email, defaults={"verified": True, "primary": True}
    )
    edit = reverse("wagtailusers_users:edit", args=[reader.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(edit, form(email="new@example.org", is_active="on"))
    rows = EmailAddress.objects.filter(user=reader).values_list("email", "verified")
    assert list(rows) == [("new@example.org", False)]
    assert [mail.to for mail in mailoutbox] == [["old@example.org"]]


def test_nobody_changes_or_deletes_a_group_they_are_in(client, administrator):
    own = Group.objects.get(name="管理员")
    for name in ("edit", "delete"):
        assert client.get(reverse(f"wagtailusers_groups:{name}", args=[own.pk])).status_code == 302
        client.post(reverse(f"wagtailusers_groups:{name}", args=[own.pk]), {"name": "无人"})
    assert Group.objects.filter(name="管理员").exists()


class TestSecondAdministrator:
    """What shows credentials waits for a second administrator, and works from then on only."""

    @pytest.fixture
    def second(self):
        user = UserFactory(is_staff=True)
        user.groups.add(Group.objects.get(name="管理员"))
        return user

    @pytest.fixture
    def proposed(self, client, administrator):
        user = UserFactory()
        seeing = Group.objects.get(name="认证审核")
        edit = reverse("wagtailusers_users:edit", args=[user.pk])
        data = form(email=user.email, groups=[seeing.pk], is_active="on")
        client.post(edit, data)
        assert not ProposedGrant.objects.exists(), "a reason is asked for"
        client.post(edit, data | {"proposal_reason": "周末值班"})
        return ProposedGrant.objects.get()

    def decide(self, client, proposed, by, decision="confirm"):
        client.force_login(by)
        client.post(reverse("gate_proposals:decide", args=[proposed.pk]), {"decision": decision})
        proposed.refresh_from_db()
        return proposed.state

    def test_joins_when_it_is_confirmed(self, client, proposed, second):
        assert not proposed.user.groups.exists()
        assert not is_reviewer(proposed.user)
        assert self.decide(client, proposed, second) == "confirmed"
        assert is_reviewer(User.objects.get(pk=proposed.user_id))
        acts = AuditEvent.objects.filter(subject=proposed.user).order_by("pk").values_list("action", "actor")
        by = proposed.proposed_by_id
        assert list(acts)[-2:] == [("grant_proposed", by), ("grant_confirmed", second.pk)]

    def test_not_by_who_proposed_it_nor_by_who_gets_it(self, client, proposed, administrator):
        assert self.decide(client, proposed, administrator) == "waiting"
        proposed.user.groups.add(Group.objects.get(name="管理员"))
        assert self.decide(client, proposed, proposed.user) == "waiting"
        assert not proposed.user.groups.filter(name="认证审核").exists()

    def test_not_by_who_may_not_give_it(self, client, proposed):
        other = permit(UserFactory(is_staff=True), "wagtailadmin.access_admin", "gate.change_user")
        assert self.decide(client, proposed, other) == "waiting"

    def test_not_when_the_proposer_lost_the_right_to(self, client, proposed, second):
        proposed.proposed_by.groups.clear()
        assert self.decide(client, proposed, second) == "waiting"

    def test_lapses(self, client, proposed, second):
        ProposedGrant.objects.update(lapses_at=timezone.now())
        assert self.decide(client, proposed, second) == "waiting"
        assert not proposed.user.groups.exists()
        page = client.get(reverse("gate_proposals:decide", args=[proposed.pk])).content.decode()
        assert 'value="confirm"' not in page

    def test_is_declined(self, client, proposed, second):
        assert self.decide(client, proposed, second, "decline") == "declined"
        assert self.decide(client, proposed, second) == "declined"
        assert not proposed.user.groups.exists()

    def test_a_zones_credentials_too(self, client, administrator, second):
        zone, user = gated_zone("agreement"), UserFactory()
        data = {"email": user.email, "content_object": zone.pk, "right": "see_credentials"}
        client.post(reverse("gate_person_grants:add"), data | {"reason": "值班", "expires_at": ""})
        assert not has_right(user, zone.pk, "see_credentials")
        client.force_login(second)
        listed = client.get(reverse("gate_proposals:index")).content.decode()
        proposed = ProposedGrant.objects.get()
        assert reverse("gate_proposals:decide", args=[proposed.pk]) in listed
        self.decide(client, proposed, second)
        assert has_right(user, zone.pk, "see_credentials")
