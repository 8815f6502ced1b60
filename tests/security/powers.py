"""Roles of staff, and every write of the admin that touches accounts, groups, rights or workflow tasks.

WRITES holds what an attacker sends; MAY lists the roles whose writes the rules allow. What no role may do
has no entry there. A second administrator confirms what is in WAITS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.users.views.groups import get_permission_panel_classes

from cms.models import MedicalReviewTask, ZonePage
from cms.roles import ADMINISTRATORS, EDITORS, HCP_REVIEWERS, MEDICAL_REVIEWERS
from gate.models import ProposedGrant, User
from gate.people.grants import Right, grant
from gate.people.proposals import propose
from tests.factories.gate import UserFactory, gated_zone, permit

PASSWORD = "taken over, ten letters"


@dataclass
class Staff:
    """The people and groups that the writes are about; `actor` sends them."""

    zone: ZonePage
    reader: User
    reviewer: User
    retired: User
    waiting: User
    other: Group
    own: Group
    reviewing: Group
    seeing: Group
    task: MedicalReviewTask
    proposed: ProposedGrant
    actor: User | None = None


def right(name: str) -> Permission:
    app_label, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def staff() -> Staff:
    zone = gated_zone("agreement")
    made = {name: Group.objects.create(name=name) for name in ("其他组", "自己的组", "只审核")}
    made["只审核"].permissions.add(right("gate.review_verification"), right("wagtailadmin.access_admin"))
    seeing = Group.objects.get(name=HCP_REVIEWERS)
    people = [UserFactory(is_staff=True) for _ in range(5)]
    people[1].groups.add(seeing)
    people[2].groups.add(seeing)
    User.objects.filter(pk=people[2].pk).update(is_active=False)
    proposer = permit(people[3], "gate.appoint_staff")
    waiting = propose(
        kind=ProposedGrant.Kind.MEMBERSHIP, by=proposer, reason="周末值班", user=people[4], group=seeing
    )
    task = MedicalReviewTask.objects.get()
    return Staff(
        zone=zone,
        reader=people[0],
        reviewer=people[1],
        retired=people[2],
        waiting=people[4],
        other=made["其他组"],
        own=made["自己的组"],
        reviewing=made["只审核"],
        seeing=seeing,
        task=task,
        proposed=waiting,
    )


# --- who asks -----------------------------------------------------------------------------------------------
def _with(*names: str) -> Callable[[Staff], User]:
    def make(world: Staff) -> User:
        user = UserFactory(is_staff=True)
        user.groups.add(world.own)
        return permit(user, "wagtailadmin.access_admin", *names)

    return make


def _in(group: str) -> Callable[[Staff], User]:
    def make(world: Staff) -> User:
        user = UserFactory(is_staff=True)
        user.groups.add(world.own, Group.objects.get(name=group))
        return user

    return make


def _on_zone(held: Right) -> Callable[[Staff], User]:
    def make(world: Staff) -> User:
        user = _with()(world)
        grant(user=user, zone_id=world.zone.pk, right=held, reason="专区主编", by=None)
        return user

    return make


def superuser(world: Staff) -> User:
    user = User.objects.create_superuser("root@example.org", "a long password")
    user.groups.add(world.own)
    return user


ROLES: dict[str, Callable[[Staff], User]] = {
    "people": _with("gate.view_user", "gate.add_user", "gate.change_user"),
    "groups": _with("auth.view_group", "auth.add_group", "auth.change_group", "auth.delete_group"),
    "grants": _with(
        "gate.add_zoneuserobjectpermission", "gate.delete_zoneuserobjectpermission",
        "gate.add_zonegroupobjectpermission", "gate.delete_zonegroupobjectpermission",
    ),
    "workflows": _with(
        "wagtailcore.add_task", "wagtailcore.change_task", "wagtailcore.delete_task",
        "cms.add_medicalreviewtask", "cms.change_medicalreviewtask",
        "wagtailcore.add_workflow", "wagtailcore.change_workflow",
    ),
    "gate_manager": _on_zone(Right.MANAGE_GATE),
    "zone_granter": _on_zone(Right.GRANT_ACCESS),
    "reviewer": _in(HCP_REVIEWERS),
    "editor": _in(EDITORS),
    "moderator": _in(MEDICAL_REVIEWERS),
    "administrator": _in(ADMINISTRATORS),
    "superuser": superuser,
}  # fmt: skip
APPOINTERS = ("administrator", "superuser")


# --- what they send -----------------------------------------------------------------------------------------
def account(user: User | None = None, **changes: Any) -> dict[str, Any]:
    """The form of an account; without `user` of a new one."""
    known: dict[str, Any] = {"email": "sock@example.org", "display_name": "马甲"}
    if user is not None:
        known = known | {"email": user.email, "groups": list(user.groups.values_list("pk", flat=True))}
        if user.is_active:
            known["is_active"] = "on"
    return known | {"locale": "zh-hans", "proposal_reason": "值班"} | changes


def group_form(group: Group | None = None, *names: str, page: str = "", site: bool = False) -> dict[str, Any]:
    """The form of a group that keeps what the group has and ticks `names`, `page` on the whole tree, and the
    settings of the site."""
    ticked = {right(name).pk for name in names}
    if group is not None:
        ticked |= set(group.permissions.values_list("pk", flat=True))
    data: dict[str, Any] = {
        "name": group.name if group else "新组",
        "permissions": sorted(ticked),
        "proposal_reason": "值班",
    }
    for prefix in ("page_permissions", *panel_prefixes()):
        data |= {f"{prefix}-{key}": 0 for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
        data[f"{prefix}-MAX_NUM_FORMS"] = 1000
    if site:
        data["cms_siteprofile_site_permissions-sites"] = [Site.objects.get(is_default_site=True).pk]
    if page:
        data |= {
            "page_permissions-TOTAL_FORMS": 1,
            "page_permissions-0-page": Page.objects.get(depth=1).pk,
            "page_permissions-0-permissions": [page],
        }
    return data


def panel_prefixes() -> list[str]:
    """Names of the forms of rights on collections."""
    return [
        panel.default_prefix for panel in get_permission_panel_classes() if hasattr(panel, "default_prefix")
    ]


def zone_grant(world: Staff, held: Right, **holder: Any) -> dict[str, Any]:
    return {"content_object": world.zone.pk, "right": held.value, "reason": "值班", "expires_at": ""} | holder


def _filled(data: dict[str, Any], world: Staff) -> dict[str, Any]:
    return {key: value(world) if callable(value) else value for key, value in data.items()}


def _edit(user: Callable[[Staff], User], **changes: Any) -> Callable[[Client, Staff], Any]:
    def send(client: Client, world: Staff) -> Any:
        who = user(world)
        form = account(who, **_filled(changes, world))
        return client.post(reverse("wagtailusers_users:edit", args=[who.pk]), form)

    return send


def _add(**changes: Any) -> Callable[[Client, Staff], Any]:
    return lambda client, world: client.post(
        reverse("wagtailusers_users:add"), account(None, **_filled(changes, world))
    )


def _bulk(action: str, user: Callable[[Staff], User], **data: Any) -> Callable[[Client, Staff], Any]:
    def send(client: Client, world: Staff) -> Any:
        url = reverse("wagtail_bulk_action", args=["gate", "user", action])
        return client.post(f"{url}?id={user(world).pk}", _filled(data, world))

    return send


def _group(group: str, *names: str, page: str = "", site: bool = False) -> Callable[[Client, Staff], Any]:
    def send(client: Client, world: Staff) -> Any:
        if not group:
            return client.post(
                reverse("wagtailusers_groups:add"), group_form(None, *names, page=page, site=site)
            )
        which = getattr(world, group)
        url = reverse("wagtailusers_groups:edit", args=[which.pk])
        return client.post(url, group_form(which, *names, page=page, site=site))

    return send


def _grant_person(held: Right, user: Callable[[Staff], User]) -> Callable[[Client, Staff], Any]:
    return lambda client, world: client.post(
        reverse("gate_person_grants:add"), zone_grant(world, held, email=user(world).email)
    )


def _grant_group(held: Right, group: str) -> Callable[[Client, Staff], Any]:
    return lambda client, world: client.post(
        reverse("gate_group_grants:add"), zone_grant(world, held, chosen=getattr(world, group).pk)
    )


def _task(group: str) -> Callable[[Client, Staff], Any]:
    return lambda client, world: client.post(
        reverse("wagtailadmin_workflows:edit_task", args=[world.task.pk]),
        {"name": world.task.name, "groups": [*_groups_of(world), getattr(world, group).pk]},
    )


def _groups_of(world: Staff) -> list[int]:
    return list(world.task.groups.values_list("pk", flat=True))


def _new_task(group: str, model: str, app_label: str) -> Callable[[Client, Staff], Any]:
    return lambda client, world: client.post(
        reverse("wagtailadmin_workflows:add_task", args=[app_label, model]),
        {"name": "捷径", "groups": [getattr(world, group).pk]},
    )


def _chosen_task(group: str) -> Callable[[Client, Staff], Any]:
    return lambda client, world: client.post(
        reverse("wagtailadmin_workflows:task_chooser_create") + "?create_model=cms.MedicalReviewTask",
        {"create-task-name": "捷径", "create-task-groups": [getattr(world, group).pk]},
    )


def _to(name: str) -> Callable[[Staff], User]:
    return lambda world: getattr(world, name)


def _pks(name: str) -> Callable[[Staff], list[int]]:
    return lambda world: [getattr(world, name).pk]


def _pk(name: str) -> Callable[[Staff], int]:
    return lambda world: getattr(world, name).pk


WRITES: dict[str, Callable[[Client, Staff], Any]] = {
    "new account": _add(),
    "new account with a password": _add(password1=PASSWORD, password2=PASSWORD),
    "new account in a group without rights": _add(groups=_pks("other")),
    "new account that reviews": _add(groups=_pks("reviewing")),
    "new account that sees credentials": _add(groups=_pks("seeing")),
    "new superuser": _add(is_superuser="on"),
    "a reader's password": _edit(_to("reader"), password1=PASSWORD, password2=PASSWORD),
    "a reviewer's password": _edit(_to("reviewer"), password1=PASSWORD, password2=PASSWORD),
    "a reader's address": _edit(_to("reader"), email="mine@example.org"),
    "a reviewer's address": _edit(_to("reviewer"), email="mine@example.org"),
    "a reader reviews": _edit(_to("reader"), groups=_pks("reviewing")),
    "a reader sees credentials": _edit(_to("reader"), groups=_pks("seeing")),
    "a reader is a superuser": _edit(_to("reader"), is_superuser="on"),
    "a retired reviewer comes back": _edit(_to("retired"), is_active="on"),
    "oneself reviews": _edit(_to("actor"), groups=_pks("reviewing")),
    "oneself sees credentials": _edit(_to("actor"), groups=_pks("seeing")),
    "oneself is a superuser": _edit(_to("actor"), is_superuser="on"),
    "readers review, in bulk": _bulk("assign_role", _to("reader"), role=_pk("reviewing")),
    "readers see credentials, in bulk": _bulk("assign_role", _to("reader"), role=_pk("seeing")),
    "oneself reviews, in bulk": _bulk("assign_role", _to("actor"), role=_pk("reviewing")),
    "retired reviewers come back, in bulk": _bulk("set_active_state", _to("retired"), mark_as_active="True"),
    "accounts are deleted, in bulk": _bulk("delete", _to("reader")),
    "a group reviews": _group("other", "gate.review_verification"),
    "a group sees credentials": _group("other", "gate.see_any_credential"),
    "a group administers people": _group("other", "gate.change_user"),
    "a group publishes": _group("other", page="publish_page"),
    "a group changes the site's facts": _group("other", site=True),
    "the own group changes the site's facts": _group("own", site=True),
    "the own group reviews": _group("own", "gate.review_verification"),
    "the own group sees credentials": _group("own", "gate.see_any_credential"),
    "the own group publishes": _group("own", page="publish_page"),
    "a new group reviews": _group("", "gate.review_verification"),
    "a new group sees credentials": _group("", "gate.see_any_credential"),
    "a person reads a zone": _grant_person(Right.READ, _to("reader")),
    "a person reviews a zone": _grant_person(Right.REVIEW, _to("reader")),
    "a person sees a zone's credentials": _grant_person(Right.SEE_CREDENTIALS, _to("reader")),
    "oneself reads a zone": _grant_person(Right.READ, _to("actor")),
    "oneself sees a zone's credentials": _grant_person(Right.SEE_CREDENTIALS, _to("actor")),
    "a group reviews a zone": _grant_group(Right.REVIEW, "other"),
    "a group sees a zone's credentials": _grant_group(Right.SEE_CREDENTIALS, "other"),
    "the own group reads a zone": _grant_group(Right.READ, "own"),
    "the own group reviews a zone": _grant_group(Right.REVIEW, "own"),
    "a group reviews articles": _task("other"),
    "the own group reviews articles": _task("own"),
    "a new task for a group": _new_task("other", "medicalreviewtask", "cms"),
    "a new task for the own group": _new_task("own", "medicalreviewtask", "cms"),
    "a new approval for the own group": _new_task("own", "groupapprovaltask", "wagtailcore"),
    "a chosen new task for the own group": _chosen_task("own"),
    "confirming what another proposed": lambda client, world: client.post(
        reverse("gate_proposals:decide", args=[world.proposed.pk]), {"decision": "confirm"}
    ),
}
PEOPLE = ("people", *APPOINTERS)
MAY: dict[str, tuple[str, ...]] = {
    "new account": PEOPLE,
    "new account with a password": PEOPLE,  # the password is ignored
    "new account in a group without rights": PEOPLE,
    "new account that reviews": APPOINTERS,
    "new account that sees credentials": APPOINTERS,  # made without the group, which waits
    "new superuser": PEOPLE,  # made without the flag, but by a superuser
    "a reader's address": PEOPLE,
    "a reader reviews": APPOINTERS,
    "a reader is a superuser": ("superuser",),
    "readers review, in bulk": APPOINTERS,
    "a group reviews": APPOINTERS,
    "a group administers people": APPOINTERS,
    "a group publishes": APPOINTERS,
    "a group changes the site's facts": APPOINTERS,
    "a new group reviews": APPOINTERS,
    "a new group sees credentials": APPOINTERS,  # made without the right, which waits
    "a person reads a zone": ("grants", "zone_granter", *APPOINTERS),
    "a person reviews a zone": ("grants", *APPOINTERS),
    "a group reviews a zone": ("grants", *APPOINTERS),
    "a group reviews articles": APPOINTERS,
    "a new task for a group": APPOINTERS,
    "confirming what another proposed": APPOINTERS,
}
WAITS: dict[str, tuple[str, ...]] = {
    "new account that sees credentials": APPOINTERS,
    "a reader sees credentials": APPOINTERS,
    "a group sees credentials": APPOINTERS,
    "a new group sees credentials": APPOINTERS,
    "a person sees a zone's credentials": ("grants", *APPOINTERS),
    "a group sees a zone's credentials": ("grants", *APPOINTERS),
}
