"""Changes of a gate's steps, on record."""

from __future__ import annotations

from gate.models import AuditEvent, GateStep, User, ZoneGate


def record_gate_change(*, gate: ZoneGate, by: User) -> AuditEvent:
    """Append what the steps are now; call it in the transaction that saved them."""
    steps = GateStep.objects.filter(gate=gate).order_by("sort_order", "pk")
    fields = ("pk", "kind", "agreement_id", "questionnaire_id", "needs_consent")
    return AuditEvent.record(
        AuditEvent.Action.GATE_CHANGED,
        by,
        target=f"zone:{gate.pk}",
        steps=list(steps.values(*fields)),
        admission_days=gate.admission_days,
    )
