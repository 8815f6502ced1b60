"""The state of zones for one reader, for users who manage the zones' gates."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from cms.models import ZonePage
from gate.decision.access import Access, guarded_audience
from gate.decision.facts import Decision, Reason
from gate.models import Admission, User, ZoneGate
from gate.people.policies import GatePolicy


@dataclass(frozen=True, slots=True)
class ZoneAccess:
    """The state of one zone for the reader. `closed`: the admission that staff ended, if it is the latest."""

    zone: ZonePage
    decision: Decision
    closed: Admission | None
    can_close: bool

    @property
    def by_grant(self) -> bool:
        return self.decision.reason == Reason.GRANTED_BY_STAFF


def managed_zones(user: User) -> list[ZonePage]:
    """The zones whose gate this user may change, by title."""
    gates = GatePolicy(ZoneGate).instances_user_has_any_permission_for(user, ["change"])
    return list(ZonePage.objects.filter(pk__in=gates.values("pk")).order_by("title"))


def reader_url(reader: User, viewer: User) -> str:
    """The page of the reader; empty for a viewer who manages no gate, and for oneself."""
    if reader.pk == viewer.pk or not managed_zones(viewer):
        return ""
    return reverse("gate_readers:reader", args=[reader.uuid])


def accesses_of(reader: User, zones: list[ZonePage]) -> list[ZoneAccess]:
    """One for each of `zones`, as the policy decides now; public zones at their articles' audience."""
    access = Access(reader)
    latest = {row.zone_id: row for row in Admission.objects.filter(user=reader).order_by("pk")}
    found = []
    for zone in zones:
        row = latest.get(zone.pk)
        revoked = row is not None and row.revoked_at is not None
        decision = access.decide(zone.pk, guarded_audience(zone))
        closed, can_close = (row if revoked else None), row is not None and not revoked
        found.append(ZoneAccess(zone, decision, closed, can_close))
    return found
