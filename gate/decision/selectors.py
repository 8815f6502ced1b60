"""Load the facts that policy.decide() needs, in a number of queries that does not grow with zones or steps.

Rules take three queries, a person's records five; see tests/gate/decision/test_access.py for the numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cms.audiences import Audience
from cms.models import ZonePage
from gate.decision.facts import (
    ADMISSION_DAYS,
    CREDENTIAL_CONSENT_ID,
    AdmissionFact,
    AnswerFact,
    CaseFact,
    CaseState,
    ConsentDecision,
    ConsentFact,
    GrantFact,
    RequiresConsent,
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
    QuestionnaireVersion,
    User,
    Verification,
)
from gate.people.grants import Right, current_grants
from gate.people.reviewing import is_reviewer, reviewable_cases

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

__all__ = ["is_reviewer", "load_credential_rule", "load_rules", "load_subject", "reviewable_cases"]

History = dict[int, list[tuple[int, bool, str]]]
"""By agreement or questionnaire id: (version id, asks again, requires consent), oldest first."""
ZONE = ("pk", "audience", "gate__admission_days")
STEP_ID, AGREEMENT, QUESTIONNAIRE = (
    "gate__steps__pk",
    "gate__steps__agreement_id",
    "gate__steps__questionnaire_id",
)
STEP = (
    *(STEP_ID, AGREEMENT, QUESTIONNAIRE),
    *(f"gate__steps__{name}" for name in ("kind", "title", "minutes", "needs_consent")),
    *(f"gate__steps__{of}__{name}" for of in ("agreement", "questionnaire") for name in ("title", "kind")),
)


def load_rules(*, now: datetime, zone_ids: Iterable[int] | None = None) -> dict[int, ZoneRules]:
    """The rules of the zones (all without `zone_ids`), by zone id, each at the zone's own audience."""
    zones = ZonePage.objects.all()
    if zone_ids is not None:
        zones = zones.filter(pk__in=list(zone_ids))
    # One row for each step, and one for a zone without any.
    rows = list(zones.order_by("pk", "gate__steps__sort_order", "gate__steps__pk").values(*ZONE, *STEP))
    agreements = _versions(
        AgreementVersion.objects.filter(effective_from__lte=now).order_by("number"),
        "agreement_id",
        {row[AGREEMENT] for row in rows if row[AGREEMENT]},
    )
    questionnaires = _versions(
        QuestionnaireVersion.objects.order_by("number"),
        "questionnaire_id",
        {row[QUESTIONNAIRE] for row in rows if row[QUESTIONNAIRE]},
        "requires_consent",
    )
    rules: dict[int, ZoneRules] = {}
    for zone_id, own in groupby(rows, key=lambda row: row["pk"]):
        found = list(own)
        audience, days = found[0]["audience"], found[0]["gate__admission_days"]
        rules[zone_id] = ZoneRules(
            zone_id,
            # A value that is no audience counts as the narrowest: deny by default.
            Audience(audience) if audience in Audience.values else Audience.HCP,
            tuple(_rule(row, agreements, questionnaires) for row in found if row[STEP_ID] is not None),
            days if days is not None else ADMISSION_DAYS,
        )
    return rules


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
        kind="",  # no step of a zone: policy and screens know it by its versions
        title=title,
        subject_id=agreement_id,
        version_id=version_id,
        asks_again=asks_again,
        valid_version_ids=_counting((pk, again) for _agreement, pk, again, _title in rows),
    )


def load_subject(user: User | AnonymousUser, *, cases: Sequence[Verification] | None = None) -> Subject:
    """Everything on record about a person that decides what they may read; nothing if deactivated or if they
    asked to be erased. `cases`: their requests, oldest first, if they are loaded already.
    """
    if not user.is_authenticated or not user.is_active or user.is_closing or user.pk is None:
        return Subject()
    consents = ConsentRecord.objects.filter(user=user).order_by("pk")
    answers = AnswerSet.objects.filter(user=user).order_by("pk")
    stated = (
        Verification.objects.filter(user=user).order_by("pk").values_list("state", "expires_at")
        if cases is None
        else [(case.state, case.expires_at) for case in cases]
    )
    admissions = Admission.objects.filter(user=user).order_by("pk")
    return Subject(
        user_id=user.pk,
        consents=tuple(
            ConsentFact(zone_id, agreement_id, version_id, ConsentDecision(decision))
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
        cases=tuple(CaseFact(CaseState(state), expires_at) for state, expires_at in stated),
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


def _versions(rows: Any, of: str, ids: set[int], *more: str) -> History:
    """By agreement or questionnaire id: (version id, asks again, requires consent), oldest first. 1 query."""
    found: dict[int, list[tuple[int, bool, str]]] = defaultdict(list)
    for owner, pk, asks_again, *rest in rows.filter(**{f"{of}__in": ids}).values_list(
        of, "pk", "asks_again", *more
    ):
        found[owner].append((pk, asks_again, rest[0] if rest else RequiresConsent.NONE))
    return found


def _rule(row: dict[str, Any], agreements: History, questionnaires: History) -> StepRule:
    """The rule of a row with the fields STEP."""
    given = {name.removeprefix("gate__steps__"): value for name, value in row.items()}
    subject = "agreement" if given["agreement_id"] else "questionnaire"
    history = (agreements if given["agreement_id"] else questionnaires).get(given[f"{subject}_id"] or 0, [])
    current = history[-1] if history else None
    return StepRule(
        id=given["pk"],
        kind=given["kind"],
        title=given["title"] or given[f"{subject}__title"] or "",
        minutes=given["minutes"],
        subject_id=given[f"{subject}_id"],
        version_id=current[0] if current else None,
        asks_again=bool(current and current[1]),
        valid_version_ids=_counting((pk, asks_again) for pk, asks_again, _bound in history),
        requires_consent=RequiresConsent.ALL
        if given["needs_consent"]
        else RequiresConsent(current[2] if current else RequiresConsent.NONE),
        subject_kind=given[f"{subject}__kind"] or "",
    )


def _counting(history: Iterable[tuple[int, bool]]) -> frozenset[int]:
    """The ids of the versions that still count, from (id, asks again), oldest first."""
    counting: list[int] = []
    for pk, asks_again in history:
        counting = [pk] if asks_again else [*counting, pk]
    return frozenset(counting)
