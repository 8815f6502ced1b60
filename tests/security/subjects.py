"""The subjects of the canary matrix: every kind of user. Each is created by the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from api.scopes import SCOPES
from cms.models import ZonePage
from cms.roles import EDITORS, HCP_REVIEWERS
from gate.consent.agreements import publish_agreement
from gate.models import User, Verification
from gate.people import grants
from tests.factories.api import bearer, oidc_client
from tests.factories.gate import (
    UserFactory,
    admitted_reader,
    gated_zone,
    reviewer,
    revoke,
    steps_of,
    submitted,
    take_steps,
    verification_in,
)
from tests.factories.steps import decide_agreement


@dataclass
class Subject:
    """A client that asks in somebody's name, and whether that somebody may read the zone."""

    client: Client
    reads: bool = False
    user: User | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, address: str, **headers: str) -> Any:
        """GET in the subject's name; redirects are not followed."""
        return self.client.get(address, headers={"Accept-Language": "zh-hans"} | self.headers | headers)


def _signed_in(user: User, *, reads: bool = False) -> Subject:
    client = Client()
    client.force_login(user)
    return Subject(client, reads, user)


def _up_to(kind: str | None, zone: ZonePage) -> User:
    user = UserFactory()
    take_steps(user, zone, until=kind)
    return user


def anonymous(zone: ZonePage) -> Subject:
    return Subject(Client())


def registered(zone: ZonePage) -> Subject:
    return _signed_in(UserFactory())


def refused(zone: ZonePage) -> Subject:
    user = UserFactory()
    step = steps_of(zone)["agreement"]
    version = step.agreement.versions.get()
    decide_agreement(user=user, step=step, version_id=version.pk, decision="refused", surface="test")
    return _signed_in(user)


def pending(zone: ZonePage) -> Subject:
    user = _up_to("verification", zone)
    submitted(user, zone=zone)
    return _signed_in(user)


def rejected(zone: ZonePage) -> Subject:
    user = _up_to("verification", zone)
    verification_in("rejected", user, zone=zone)
    return _signed_in(user)


def expired(zone: ZonePage) -> Subject:
    user = admitted_reader(zone)
    user.admissions.update(expires_at=timezone.now() - timedelta(seconds=1))
    return _signed_in(user)


def expired_verification(zone: ZonePage) -> Subject:
    user = admitted_reader(zone)
    Verification.objects.filter(user=user).update(expires_at=timezone.now() - timedelta(seconds=1))
    return _signed_in(user)


def withdrawn(zone: ZonePage) -> Subject:
    user = admitted_reader(zone)
    decide_agreement(
        user=user, step=steps_of(zone)["agreement"], version_id=None, decision="withdrawn", surface="test"
    )
    return _signed_in(user)


def revoked(zone: ZonePage) -> Subject:
    user = admitted_reader(zone)
    revoke(case=Verification.objects.get(user=user))
    return _signed_in(user)


def admission_revoked(zone: ZonePage) -> Subject:
    user = admitted_reader(zone)
    user.admissions.update(revoked_at=timezone.now())
    return _signed_in(user)


def asked_again(zone: ZonePage) -> Subject:
    """Admitted, but a new version of the agreement asks everybody again."""
    user = admitted_reader(zone)
    agreement = steps_of(zone)["agreement"].agreement
    agreement.draft_text = "<p>新的条款。</p>"
    agreement.save()
    publish_agreement(agreement=agreement, by=None)
    return _signed_in(user)


def admitted_elsewhere(zone: ZonePage) -> Subject:
    return _signed_in(admitted_reader(gated_zone("agreement", "verification")))


def granted_elsewhere(zone: ZonePage) -> Subject:
    user = UserFactory()
    grants.grant(user=user, zone_id=gated_zone().pk, right="read_zone", reason="媒体", by=None)
    return _signed_in(user)


def grant_ended(zone: ZonePage) -> Subject:
    user = UserFactory()
    ended = timezone.now() - timedelta(seconds=1)
    grants.grant(user=user, zone_id=zone.pk, right="read_zone", reason="媒体", by=None, expires_at=ended)
    return _signed_in(user)


def hcp_reviewer(zone: ZonePage) -> Subject:
    user = reviewer()
    user.groups.add(Group.objects.get(name=HCP_REVIEWERS))
    return _signed_in(user)


def zone_reviewer(zone: ZonePage) -> Subject:
    """Reviews this very zone's cases, which gives no right to read it."""
    user = UserFactory()
    for right in ("review", "see_credentials", "manage_gate", "grant_access"):
        grants.grant(user=user, zone_id=zone.pk, right=right, reason="审核", by=None)
    return _signed_in(user)


def editor(zone: ZonePage) -> Subject:
    """Sees articles in the admin; as a reader, no more than others."""
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    return _signed_in(user)


def editor_elsewhere(zone: ZonePage) -> Subject:
    """Edits another zone and works with pictures, none of which are of this zone."""
    group = Group.objects.create(name="别处的编辑")
    elsewhere = gated_zone("agreement", title="别处")
    for action in ("add", "change"):
        GroupPagePermission.objects.create(
            group=group, page=elsewhere, permission=_right("wagtailcore", action, "page")
        )
    root = Collection.get_first_root_node()
    for action in ("add", "change", "choose"):
        right = _right("wagtailimages", action, "image")
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=right)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = UserFactory(is_staff=True)
    user.groups.add(group)
    return _signed_in(user)


def _right(app_label: str, action: str, model: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app_label, codename=f"{action}_{model}")


def superuser(zone: ZonePage) -> Subject:
    return _signed_in(User.objects.create_superuser("root@example.org", "a long password"))


def deactivated(zone: ZonePage) -> Subject:
    user = admitted_reader(zone)
    subject = _signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return subject


def service_account_without_grant(zone: ZonePage) -> Subject:
    owner = UserFactory()
    return Subject(Client(), False, owner, bearer(None, *SCOPES, client=oidc_client(owner=owner)))


def service_account(zone: ZonePage) -> Subject:
    owner = UserFactory()
    grants.grant(user=owner, zone_id=zone.pk, right="read_zone", reason="合作方接口", by=None)
    return Subject(Client(), True, owner, bearer(None, *SCOPES, client=oidc_client(owner=owner)))


def admitted(zone: ZonePage) -> Subject:
    return _signed_in(admitted_reader(zone), reads=True)


def granted(zone: ZonePage) -> Subject:
    user = UserFactory()
    grants.grant(user=user, zone_id=zone.pk, right="read_zone", reason="媒体", by=None)
    return _signed_in(user, reads=True)


LOCKED_OUT: dict[str, Callable[[ZonePage], Subject]] = {
    made.__name__: made
    for made in (
        anonymous, registered, refused, pending, rejected, expired, expired_verification, withdrawn, revoked,
        admission_revoked, asked_again, admitted_elsewhere, granted_elsewhere, grant_ended, hcp_reviewer,
        zone_reviewer, editor, editor_elsewhere, superuser, deactivated, service_account_without_grant,
    )
}  # fmt: skip
READERS: dict[str, Callable[[ZonePage], Subject]] = {
    made.__name__: made for made in (admitted, granted, service_account)
}
