"""The facts about a zone that mails show: whether it is open to the reader now, and until when."""

from __future__ import annotations

from typing import Any

from cms.models import ZonePage
from gate.decision.access import Access, guarded_audience
from gate.models import Notice

EVENTS = ("admission.revoked", "admission.reopened", "grant.given", "grant.revoked")
# A grant that ended before its mail left, or that was taken back while another one opens the same zone.
NEEDLESS = {"grant.given": False, "grant.revoked": True}


def zone_facts(notice: Notice) -> dict[str, Any] | None:
    """`zone` (its title), `opens` and `until`; empty when the zone is gone, None for a needless mail."""
    zone = ZonePage.objects.filter(pk=notice.details.get("zone")).first()
    if zone is None:
        return {}
    decision = Access(notice.user).decide(zone.pk, guarded_audience(zone))
    if NEEDLESS.get(notice.event) == decision.allowed:
        return None
    return {"zone": zone.title, "opens": decision.allowed, "until": decision.expires_at}
