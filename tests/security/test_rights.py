"""No detour to a right: role × write. After each, no user has what the rules would not have given."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission

from gate.models import ProposedGrant, User, ZoneGroupObjectPermission, ZoneUserObjectPermission
from gate.people.powers import approval_task_types, powers_of
from tests.security.powers import MAY, ROLES, WAITS, WRITES, Staff, staff
from tests.security.surfaces import routes

CONFIRMS = "confirming what another proposed"
pytestmark = pytest.mark.django_db


def snapshot() -> dict[str, set]:
    """Every row that gives a power, and by what people sign in."""
    rows = {
        model._meta.label: set(model.objects.exclude(pk=None).values_list(*fields))
        for model, fields in (
            (User, ("pk", "email", "password", "is_active", "is_superuser", "is_staff")),
            (User.groups.through, ("user", "group")),
            (User.user_permissions.through, ("user", "permission")),
            (Group, ("pk",)),
            (Group.permissions.through, ("group", "permission")),
            (GroupPagePermission, ("group", "page", "permission")),
            (GroupCollectionPermission, ("group", "collection", "permission")),
            (GroupSitePermission, ("group", "site", "permission")),
            (ZoneUserObjectPermission, ("user", "content_object", "permission", "expires_at")),
            (ZoneGroupObjectPermission, ("group", "content_object", "permission", "expires_at")),
        )
    }
    for kind in approval_task_types():
        rows[kind._meta.label] = set(kind.objects.values_list("pk", "active"))
        rows[f"{kind._meta.label} groups"] = set(kind.groups.through.objects.values_list())
    return rows


def seers() -> set[int]:
    """Who holds anything that shows a credential."""
    return {
        user.pk for user in User.objects.all() if any(power.shows_credentials for power in powers_of(user))
    }


@pytest.mark.parametrize("role", ROLES)
def test_no_write_gives_more_than_the_rules(role: str, client):
    world = staff()
    world.actor = ROLES[role](world)
    client.force_login(world.actor)
    before, waiting, saw = snapshot(), ProposedGrant.objects.count(), seers()
    own = powers_of(world.actor)
    for write, send in WRITES.items():
        with transaction.atomic():
            with transaction.atomic():  # what the view undoes is undone before we look
                answer = send(client, world)
            after = snapshot()
            place = f"{role}: {write} ({answer.status_code})"
            assert answer.status_code < 500, place
            assert (before != after) == (role in MAY.get(write, ())), place
            assert ProposedGrant.objects.count() - waiting == (role in WAITS.get(write, ())), place
            if before != after:
                assert_nothing_by_a_detour(world, write, before, after, place)
                assert powers_of(world.actor) == own, place
                assert seers() == saw | ({world.waiting.pk} if write == CONFIRMS else set()), place
            transaction.set_rollback(True)


def assert_nothing_by_a_detour(world: Staff, write: str, before: dict, after: dict, place: str) -> None:
    """Whatever is allowed: no password is set, nobody comes back, superusers are made by superusers."""
    people = {row[0]: row for row in before["gate.User"]}
    for pk, email, password, active, superuser, _staff in after["gate.User"]:
        if pk not in people:
            assert not User.objects.get(pk=pk).has_usable_password(), place
            assert not superuser or world.actor.is_superuser, place
            continue
        _pk, address, secret, was_active, was_superuser, _was_staff = people[pk]
        assert password == secret, place
        assert email == address or not powers_of(User.objects.get(pk=pk)), place
        assert was_active or not active, place
        assert was_superuser or not superuser or world.actor.is_superuser, place


def test_what_is_let_through_is_in_the_list():
    assert set(MAY) | set(WAITS) <= set(WRITES)


# Addresses of the admin that touch rights; each is sent by one of WRITES, or why it gives nothing.
TOUCHES_RIGHTS = {
    "admin/users/new/": "new account",
    "admin/users/edit/<int:pk>/": "a reader reviews",
    "admin/users/send-link/<int:pk>/": "test_people.py: mails the owner a link",
    "admin/users/delete/<int:pk>/": "test_people.py: nobody is deleted",
    "admin/users/": "lists",
    "admin/users/results/": "lists",
    "admin/users/history/<int:pk>/": "lists",
    "admin/users/history-results/<int:pk>/": "lists",
    "admin/users/usage/<int:pk>/": "lists",
    "admin/groups/new/": "a new group reviews",
    "admin/groups/edit/<int:pk>/": "a group reviews",
    "admin/groups/delete/<int:pk>/": "takes rights only; one's own group: test_people.py",
    "admin/groups/": "lists",
    "admin/groups/results/": "lists",
    "admin/groups/history/<int:pk>/": "lists",
    "admin/groups/history-results/<int:pk>/": "lists",
    "admin/groups/usage/<int:pk>/": "lists",
    "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/": "readers review, in bulk",
    "admin/gate/grants/people/": "lists",
    "admin/gate/grants/people/results/": "lists",
    "admin/gate/grants/people/new/": "a person reviews a zone",
    "admin/gate/grants/people/edit/<int:pk>/": "nobody edits a grant: GrantPolicy",
    "admin/gate/grants/people/delete/<int:pk>/": "takes back",
    "admin/gate/grants/people/history/<int:pk>/": "lists",
    "admin/gate/grants/people/history-results/<int:pk>/": "lists",
    "admin/gate/grants/people/usage/<int:pk>/": "lists",
    "admin/gate/grants/groups/": "lists",
    "admin/gate/grants/groups/results/": "lists",
    "admin/gate/grants/groups/new/": "a group reviews a zone",
    "admin/gate/grants/groups/edit/<int:pk>/": "nobody edits a grant: GrantPolicy",
    "admin/gate/grants/groups/delete/<int:pk>/": "takes back",
    "admin/gate/grants/groups/history/<int:pk>/": "lists",
    "admin/gate/grants/groups/history-results/<int:pk>/": "lists",
    "admin/gate/grants/groups/usage/<int:pk>/": "lists",
    "admin/gate/grants/proposed/": "lists",
    "admin/gate/grants/proposed/results/": "lists",
    "admin/gate/grants/proposed/<int:pk>/": "confirming what another proposed",
    "admin/workflows/tasks/add/<str:app_label>/<str:model_name>/": "a new task for the own group",
    "admin/workflows/tasks/edit/<int:pk>/": "the own group reviews articles",
    "admin/workflows/task_chooser/create/": "a chosen new task for the own group",
    "admin/workflows/tasks/select_type/": "leads to a form",
    "admin/workflows/tasks/index/": "lists",
    "admin/workflows/tasks/index/results/": "lists",
    "admin/workflows/tasks/disable/<int:pk>/": "takes a task away",
    "admin/workflows/tasks/enable/<int:pk>/": "its groups were given it by the rules",
    "admin/workflows/task_chooser/": "lists",
    "admin/workflows/task_chooser/results/": "lists",
    "admin/workflows/task_chooser/<int:task_id>/": "lists",
    "admin/workflows/list/": "lists",
    "admin/workflows/list/results/": "lists",
    "admin/workflows/add/": "orders tasks; their groups were given them by the rules",
    "admin/workflows/edit/<int:pk>/": "orders tasks; their groups were given them by the rules",
    "admin/workflows/enable/<int:pk>/": "orders tasks; their groups were given them by the rules",
    "admin/workflows/disable/<int:pk>/": "takes a workflow away",
    "admin/workflows/usage/<int:pk>/": "lists",
    "admin/workflows/usage/<int:pk>/results/": "lists",
    "admin/workflows/remove/<int:page_pk>/": "takes a workflow away",
    "admin/workflows/remove/<int:page_pk>/<int:workflow_pk>/": "takes a workflow away",
    "admin/account/": "one's own",
    "admin/clients/": "lists",
    "admin/clients/results/": "lists",
    "admin/clients/new/": "tests/api/test_identity_admin.py: acts for an account without rights only",
    "admin/clients/edit/<str:pk>/": "tests/api/test_identity_admin.py: as above",
    "admin/clients/secret/<str:pk>/": "of such a client",
    "admin/clients/delete/<str:pk>/": "takes a client away",
    "admin/clients/history/<str:pk>/": "lists",
    "admin/clients/history-results/<str:pk>/": "lists",
    "admin/clients/usage/<str:pk>/": "lists",
}
# Everything below these has to do with texts, files and readers' records, not with who may do what.
# A front end's account has neither rights nor a password: tests/api/test_identity_admin.py::TestAService.
TOUCHES_NONE = (
    "admin/clients/",
    "admin/api/", "admin/audit/", "admin/block-preview/", "admin/choose-", "admin/collections/",
    "admin/dismissibles/", "admin/documents/", "admin/editing-sessions/", "admin/embeds/", "admin/failwhale/",
    "admin/gate/agreements/", "admin/gate/answers/", "admin/gate/gates/", "admin/gate/questionnaires/",
    "admin/gate/readers/",
    "admin/images/", "admin/jsi18n/", "admin/login/", "admin/logout/", "admin/pages/",
    "admin/password_reset/", "admin/reports/", "admin/review/", "admin/settings/", "admin/sites/",
    "admin/snippets/", "admin/sprite/",
    "admin/tag-autocomplete/", "admin/test404/", "admin/webhooks/", "admin/^.*/$",
)  # fmt: skip


def test_every_address_of_the_admin_is_judged():
    known = [route for route, _pattern in routes() if route.startswith("admin/") and route != "admin/"]
    unknown = [route for route in known if route not in TOUCHES_RIGHTS and not route.startswith(TOUCHES_NONE)]
    assert unknown == [], "a new address: write it into WRITES, or say here why it gives no right"
    assert sorted(set(TOUCHES_RIGHTS) - set(known)) == []
