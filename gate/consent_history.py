"""What one person decided on which text, for their own eyes (the site's /me/): newest decisions first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cms.models import ZonePage
from gate.models import ConsentRecord, GateStep, User
from gate.policy import Choice


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """The latest decision on one agreement in one zone; `earlier` counts those before it, which are kept.
    `step_id` is None where the zone no longer asks for it.
    """

    zone_slug: str
    zone_title: str
    step_id: int | None
    kind: str
    title: str
    number: int
    sha256: str
    decision: Choice
    decided_at: datetime
    earlier: int


def consents_of(user: User) -> list[ConsentEntry]:
    """Three queries, however many decisions there are."""
    records = ConsentRecord.objects.filter(user=user).select_related("version__agreement").order_by("pk")
    latest: dict[tuple[int, int], ConsentRecord] = {}
    counts: dict[tuple[int, int], int] = {}
    for record in records:
        key = (record.zone_id, record.version.agreement_id)
        latest[key] = record
        counts[key] = counts.get(key, 0) + 1
    zones = ZonePage.objects.in_bulk([zone_id for zone_id, _agreement in latest])
    steps = {
        (zone_id, agreement_id): pk
        for pk, zone_id, agreement_id in GateStep.objects.filter(
            gate_id__in=list(zones), agreement__isnull=False
        ).values_list("pk", "gate_id", "agreement_id")
    }
    entries = [
        ConsentEntry(
            zone_slug=zones[zone_id].slug if zone_id in zones else "",
            zone_title=zones[zone_id].title if zone_id in zones else "",
            step_id=steps.get((zone_id, agreement_id)),
            kind=record.version.agreement.kind,
            title=record.version.title,
            number=record.version.number,
            sha256=record.version.sha256,
            decision=Choice(record.decision),
            decided_at=record.decided_at,
            earlier=counts[zone_id, agreement_id] - 1,
        )
        for (zone_id, agreement_id), record in latest.items()
    ]
    return sorted(entries, key=lambda entry: entry.decided_at, reverse=True)
