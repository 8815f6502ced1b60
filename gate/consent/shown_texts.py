"""The texts of a gate's steps, as one user sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from gate.consent.diff import Comparison, compare
from gate.decision.facts import StepRule, Subject
from gate.decision.policy import last_decided
from gate.models import AgreementVersion


@dataclass(frozen=True, slots=True)
class AgreementText:
    """The version to decide on, exactly as published.

    `links`: {"label", "url"}; `statement`: see AgreementVersion; `changes`: differences from the version
    that the user decided on before, where this one asks again.
    """

    version_id: int
    number: int
    title: str
    text: str
    links: tuple[dict[str, str], ...]
    locale: str
    effective_from: datetime
    sha256: str
    statement: dict[str, str] = field(default_factory=dict)
    changes: Comparison | None = None


def agreement_texts(
    steps: Iterable[StepRule], subject: Subject, zone_id: int | None
) -> dict[int, AgreementText]:
    """By step id, of steps on texts. One query, whatever has to be compared."""
    on_texts = [step for step in steps if step.version_id is not None]
    before = {step.id: _decided_before(subject, zone_id, step) for step in on_texts}
    rows = AgreementVersion.objects.in_bulk(
        {step.version_id for step in on_texts} | {pk for pk in before.values() if pk is not None}
    )
    return {
        step.id: as_shown(rows[step.version_id], rows.get(before[step.id]))
        for step in on_texts
        if step.version_id in rows
    }


def as_shown(version: AgreementVersion, before: AgreementVersion | None = None) -> AgreementText:
    """The version for a screen, compared with the one decided on `before`."""
    return AgreementText(
        version_id=version.pk,
        number=version.number,
        title=version.title,
        text=version.text,
        links=tuple(version.links),
        locale=version.locale,
        effective_from=version.effective_from,
        sha256=version.sha256,
        statement=version.stated,
        changes=compare(before, version) if before is not None else None,
    )


def _decided_before(subject: Subject, zone_id: int | None, step: StepRule) -> int | None:
    """The version of the latest decision, where none counts any longer."""
    if last_decided(subject, zone_id, step) is not None:
        return None
    return next(
        (
            fact.version_id
            for fact in reversed(subject.consents)
            if fact.zone_id == zone_id and fact.agreement_id == step.subject_id
        ),
        None,
    )
