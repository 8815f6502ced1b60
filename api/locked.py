"""The `locked` member of an article for a reader who may not read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.gate_json import gate_url, next_step_json, step_line
from cms.selectors import live_zones
from gate.decision import message

if TYPE_CHECKING:
    from cms.models import PublicationHead
    from gate.decision import Access


def locked_member(access: Access, head: PublicationHead) -> dict[str, Any]:
    """`{"reason","message","next_step","steps","gate"}`, in the request's language."""
    decision = access.decide(head.zone_id, head.audience)
    zone = live_zones().filter(pk=head.zone_id).first()
    narrower = head.audience if zone is None or zone.audience != head.audience else None
    steps = access.state(zone, head.audience).steps if zone is not None else ()
    return {
        "reason": decision.reason.value,
        "message": message(decision),
        "next_step": next_step_json(head.zone_slug, decision, narrower),
        "steps": [step_line(step) for step in steps],
        "gate": gate_url(head.zone_slug, narrower),
    }
