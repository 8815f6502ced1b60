"""A user's own decisions on agreements, newest first (for the site's /me/ and the API)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from cms.models import ZonePage
from gate.decision.facts import ConsentDecision, ConsentFact, StepRule, Subject
from gate.decision.policy import standing
from gate.decision.selectors import load_credential_rule, load_rules
from gate.decision.step_kinds import kind_of
from gate.models import ConsentRecord, User


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision; `id` names its receipt."""

    id: UUID
    decision: ConsentDecision
    decided_at: datetime
    number: int
    surface: str


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """All decisions on one agreement in one zone, newest first; title and version are those of the newest.

    `step_id` is None where the zone no longer asks for it. `withdrawable`: something is agreed to, perhaps
    an older version. `awaits_decision`: the version now in force has not been decided on.
    """

    zone_slug: str
    zone_title: str
    step_id: int | None
    kind: str
    title: str
    locale: str
    sha256: str
    decisions: tuple[DecisionLine, ...]
    withdrawable: bool
    awaits_decision: bool

    @property
    def latest(self) -> DecisionLine:
        return self.decisions[0]

    @property
    def earlier(self) -> tuple[DecisionLine, ...]:
        return self.decisions[1:]


def consents_of(user: User) -> list[ConsentEntry]:
    """Seven queries at most, however many decisions there are."""
    records: dict[tuple[int | None, int], list[ConsentRecord]] = defaultdict(list)
    for record in (
        ConsentRecord.objects.filter(user=user)
        .select_related("version__agreement")
        .defer("version__text", "version__agreement__draft_text")
        .order_by("pk")
    ):
        records[record.zone_id, record.version.agreement_id].append(record)
    zones = ZonePage.objects.in_bulk({zone_id for zone_id, _agreement in records if zone_id is not None})
    rules = load_rules(now=timezone.now(), zone_ids=list(zones)) if zones else {}
    steps: dict[tuple[int | None, int | None], StepRule] = {
        (zone_id, step.subject_id): step
        for zone_id, zone in rules.items()
        for step in zone.steps
        if kind_of(step).texts
    }
    rule = (
        load_credential_rule(now=timezone.now()) if any(zone_id is None for zone_id, _ in records) else None
    )
    if rule is not None:
        steps[None, rule.subject_id] = rule
    entries = []
    for key, found in records.items():
        zone, step, newest = zones.get(key[0] or 0), steps.get(key), found[-1]
        facts = tuple(ConsentFact(*key, row.version_id, ConsentDecision(row.decision)) for row in found)
        entries.append(
            ConsentEntry(
                zone_slug=zone.slug if zone else "",
                zone_title=zone.title if zone else "",
                step_id=step.id if step else None,
                kind=newest.version.agreement.kind,
                title=newest.version.title,
                locale=newest.version.locale,
                sha256=newest.version.sha256,
                decisions=tuple(_line(row) for row in reversed(found)),
                withdrawable=standing(Subject(user.pk, facts), *key) is not None,
                awaits_decision=step is not None
                and not any(fact.version_id in step.valid_version_ids for fact in facts),
            )
        )
    return sorted(entries, key=lambda entry: entry.latest.decided_at, reverse=True)


def _line(record: ConsentRecord) -> DecisionLine:
    return DecisionLine(
        id=record.uuid,
        decision=ConsentDecision(record.decision),
        decided_at=record.decided_at,
        number=record.version.number,
        surface=record.surface,
    )
