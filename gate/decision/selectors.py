"""Load the facts that policy.decide() needs, in a number of queries that does not grow with zones or steps.

Rules take four queries, a person's records six; see tests/gate/decision/test_access.py for the numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cms.audiences import Audience
from cms.models import ZonePage
from gate.decision.facts import (
    CREDENTIAL_CONSENT_ID,
    ON_A_TEXT,
    AdmissionFact,
    AnswerFact,
    Bound,
    CaseFact,
    CaseState,
    Choice,
    ConsentFact,
    GrantFact,
    StepKind,
    StepRule,
    Subject,
    ZoneRules,
)
from gate.models import (
    Admission,
    Agreement,
    AgreementVersion,
    AnswerSet,
    ConsentRecord,
    GateStep,
    QuestionnaireVersion,
    User,
    Verification,
)
from gate.people.grants import Right, current_grants
from gate.people.reviewing import is_reviewer, reviewable_cases

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

__all__ = ["is_reviewer", "load_credential_rule", "load_rules", "load_subject", "reviewable_cases"]


def load_rules(*, now: datetime, zone_ids: Iterable[int] | None = None) -> dict[int, ZoneRules]:
    """The rules of the zones (all without `zone_ids`), by zone id, each at the zone's own audience."""
    zones = ZonePage.objects.all()
    steps = GateStep.objects.select_related("agreement", "questionnaire").order_by(
        "gate_id", "sort_order", "pk"
    )
    if zone_ids is not None:
        wanted = list(zone_ids)
        zones, steps = zones.filter(pk__in=wanted), steps.filter(gate_id__in=wanted)
    audiences = dict(zones.values_list("pk", "audience"))
    found = list(steps)
    agreements = _versions(
        AgreementVersion.objects.filter(effective_from__lte=now).order_by("number"),
        "agreement_id",
        {step.agreement_id for step in found if step.agreement_id},
    )
    questionnaires = _versions(
        QuestionnaireVersion.objects.order_by("number"),
        "questionnaire_id",
        {step.questionnaire_id for step in found if step.questionnaire_id},
        "bound",
    )
    rules: dict[int, list[StepRule]] = defaultdict(list)
    for step in found:
        versions = agreements if StepKind(step.kind) in ON_A_TEXT else questionnaires
        rules[step.gate_id].append(_rule(step, versions))
    # A value that is no audience counts as the narrowest: deny by default.
    return {
        zone_id: ZoneRules(
            zone_id, Audience(value) if value in Audience.values else Audience.HCP, tuple(rules[zone_id])
        )
        for zone_id, value in audiences.items()
    }


def load_credential_rule(*, now: datetime) -> StepRule | None:
    """The consent to ask for before a credential is taken; None while no version is in force. One query."""
    versions = AgreementVersion.objects.filter(
        agreement__kind=Agreement.Kind.SENSITIVE, effective_from__lte=now
    ).order_by("number")
    rows = list(versions.values_list("agreement_id", "pk", "asks_again", "title"))
    if not rows:
        return None
    agreement_id, version_id, asks_again, title = rows[-1]
    return StepRule(
        id=CREDENTIAL_CONSENT_ID,
        kind=StepKind.SEPARATE_CONSENT,
        title=title,
        subject_id=agreement_id,
        version_id=version_id,
        asks_again=asks_again,
        accepted=_counting((pk, again) for _agreement, pk, again, _title in rows),
    )


def load_subject(user: User | AnonymousUser) -> Subject:
    """Everything on record about a person that decides what they may read; nothing if deactivated or if they
    asked to be erased.
    """
    if not user.is_authenticated or not user.is_active or user.is_closing or user.pk is None:
        return Subject()
    consents = ConsentRecord.objects.filter(user=user).order_by("pk")
    answers = AnswerSet.objects.filter(user=user).order_by("pk")
    cases = Verification.objects.filter(user=user).order_by("pk")
    admissions = Admission.objects.filter(user=user).order_by("pk")
    return Subject(
        user_id=user.pk,
        consents=tuple(
            ConsentFact(zone_id, agreement_id, version_id, Choice(decision))
            for zone_id, agreement_id, version_id, decision in consents.values_list(
                "zone_id", "version__agreement_id", "version_id", "decision"
            )
        ),
        answers=tuple(
            AnswerFact(*row)
            for row in answers.values_list(
                "zone_id", "version__questionnaire_id", "version_id", "with_consent"
            )
        ),
        cases=tuple(
            CaseFact(CaseState(state), expires_at)
            for state, expires_at in cases.values_list("state", "expires_at")
        ),
        admissions=tuple(
            AdmissionFact(zone_id, expires_at, revoked_at is not None)
            for zone_id, expires_at, revoked_at in admissions.values_list(
                "zone_id", "expires_at", "revoked_at"
            )
        ),
        grants=tuple(
            GrantFact(zone_id, expires_at)
            for zone_id, right, expires_at in current_grants(user)
            if right == Right.READ
        ),
    )


def _versions(rows: Any, of: str, ids: set[int], *more: str) -> dict[int, list[tuple[int, bool, str]]]:
    """By agreement or questionnaire id: (version id, asks again, bound), oldest first. One query."""
    found: dict[int, list[tuple[int, bool, str]]] = defaultdict(list)
    for owner, pk, asks_again, *rest in rows.filter(**{f"{of}__in": ids}).values_list(
        of, "pk", "asks_again", *more
    ):
        found[owner].append((pk, asks_again, rest[0] if rest else Bound.NONE))
    return found


def _rule(step: GateStep, versions: dict[int, list[tuple[int, bool, str]]]) -> StepRule:
    subject = step.agreement or step.questionnaire
    history = versions.get(subject.pk, []) if subject is not None else []
    current = history[-1] if history else None
    bound = Bound(current[2]) if current else Bound.NONE
    return StepRule(
        id=step.pk,
        kind=StepKind(step.kind),
        title=step.title or (subject.title if subject else ""),
        minutes=step.minutes,
        subject_id=subject.pk if subject else None,
        version_id=current[0] if current else None,
        asks_again=bool(current and current[1]),
        accepted=_counting((pk, asks_again) for pk, asks_again, _bound in history),
        bound=Bound.ALL if step.needs_consent else bound,
    )


def _counting(history: Iterable[tuple[int, bool]]) -> frozenset[int]:
    """The ids of the versions that still count, from (id, asks again), oldest first."""
    counting: list[int] = []
    for pk, asks_again in history:
        counting = [pk] if asks_again else [*counting, pk]
    return frozenset(counting)
