"""The gate of each zone: created with the zone, its changes recorded, and its facts for mails."""

from __future__ import annotations

from typing import Any

from cms.models import ZonePage
from gate.decision.access import Access, guarded_audience
from gate.models import AuditEvent, GateStep, Notice, User, ZoneGate

ZONE_EVENTS = ("admission.revoked", "admission.reopened", "grant.given", "grant.revoked")
# A grant that ended before its mail left, or that was revoked while another one opens the same zone.
NEEDLESS = {"grant.given": False, "grant.revoked": True}


def record_gate_change(*, gate: ZoneGate, by: User) -> AuditEvent:
    """Append an audit row with the present steps; call it in the transaction that saved them."""
    steps = GateStep.objects.filter(gate=gate).order_by("sort_order", "pk")
    fields = ("pk", "kind", "agreement_id", "questionnaire_id", "needs_consent")
    return AuditEvent.record(
        AuditEvent.Action.GATE_CHANGED,
        by,
        target=f"zone:{gate.pk}",
        steps=list(steps.values(*fields)),
        admission_days=gate.admission_days,
    )


def keep_gate(sender: type, instance: Any, **kwargs: Any) -> None:
    """Receiver of cms.signals.page_saved, inside the page's transaction: a saved zone has its gate."""
    if isinstance(instance, ZonePage):
        ZoneGate.objects.get_or_create(zone_id=instance.pk)


def zone_facts(notice: Notice) -> dict[str, Any] | None:
    """`zone` (its title), `opens` and `until`; empty when the zone is gone, None when no mail is needed."""
    zone = ZonePage.objects.filter(pk=notice.details.get("zone")).first()
    if zone is None:
        return {}
    decision = Access(notice.user).decide(zone.pk, guarded_audience(zone))
    if NEEDLESS.get(notice.event) == decision.allowed:
        return None
    return {"zone": zone.title, "opens": decision.allowed, "until": decision.expires_at}
