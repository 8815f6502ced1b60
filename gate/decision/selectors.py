"""Loads the facts for policy.decide(), in a number of queries that does not grow with zones or steps.

Rules take two queries, a user's records five; see tests/gate/decision/test_access.py for the numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, FilteredRelation, Q, QuerySet, Value

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

History = dict[tuple[str, int | None], list[tuple[int, bool, str]]]
"""By ("agreement" or "questionnaire", its id): (version id, asks again, bound), oldest first."""
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
    history = _versions(rows, now)
    rules: dict[int, ZoneRules] = {}
    for zone_id, own in groupby(rows, key=lambda row: row["pk"]):
        found = list(own)
        audience, days = found[0]["audience"], found[0]["gate__admission_days"]
        rules[zone_id] = ZoneRules(
            zone_id,
            # A value that is no audience counts as the narrowest: deny by default.
            Audience(audience) if audience in Audience.values else Audience.HCP,
            tuple(_rule(row, history) for row in found if row[STEP_ID] is not None),
            days if days is not None else ADMISSION_DAYS,
        )
    return rules


def load_credential_rule(*, now: datetime) -> StepRule | None:
    """The consent to ask for before a credential is taken; None while no version is in force. One query."""
    return _credential_rule(_credential_texts(now).values_list(*CREDENTIAL_TEXT))


def load_credential_consent(
    user: User | AnonymousUser, *, now: datetime
) -> tuple[StepRule | None, tuple[ConsentFact, ...]]:
    """That rule, and the user's decisions on the text, oldest first. One query."""
    own = FilteredRelation("records", condition=Q(records__user=user.pk or 0, records__zone=None))
    rows = list(
        _credential_texts(now).annotate(own=own).values_list(*CREDENTIAL_TEXT, "own__pk", "own__decision")
    )
    facts = sorted(
        (
            (pk, ConsentFact(None, agreement_id, version_id, ConsentDecision(decision)))
            for _number, agreement_id, version_id, _again, _title, pk, decision in rows
            if pk is not None
        ),
        key=itemgetter(0),
    )
    return _credential_rule(row[:5] for row in rows), tuple(fact for _pk, fact in facts)


CREDENTIAL_TEXT = ("number", "agreement_id", "pk", "asks_again", "title")


def _credential_texts(now: datetime) -> QuerySet[AgreementVersion]:
    kind = Agreement.Kind.SENSITIVE
    return AgreementVersion.objects.filter(agreement__kind=kind, effective_from__lte=now).order_by("number")


def _credential_rule(rows: Iterable[Any]) -> StepRule | None:
    """The rule of rows with the fields CREDENTIAL_TEXT, oldest first; a version may be there twice."""
    versions = list(dict.fromkeys(rows))
    if not versions:
        return None
    _number, agreement_id, version_id, asks_again, title = versions[-1]
    return StepRule(
        id=CREDENTIAL_CONSENT_ID,
        kind="",  # no step of a zone: policy and screens know it by its versions
        title=title,
        subject_id=agreement_id,
        version_id=version_id,
        asks_again=asks_again,
        valid_version_ids=_counting((pk, again) for _number, _agreement, pk, again, _title in versions),
    )


def load_subject(
    user: User | AnonymousUser,
    *,
    cases: Sequence[Verification] | None = None,
    steps_only: bool = False,
) -> Subject:
    """All records of a user on which their access depends.

    An empty Subject if the account is deactivated or waiting to be erased. `cases`: their verifications,
    oldest first, if they are loaded already. `steps_only`: without admissions and grants, enough for
    shortfall(); decide() denies.
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
        admissions=()
        if steps_only
        else tuple(
            AdmissionFact(zone_id, expires_at, revoked_at is not None)
            for zone_id, expires_at, revoked_at in admissions.values_list(
                "zone_id", "expires_at", "revoked_at"
            )
        ),
        grants=()
        if steps_only
        else tuple(
            GrantFact(zone_id, expires_at)
            for zone_id, right, expires_at in current_grants(user)
            if right == Right.READ
        ),
    )


def _versions(rows: list[dict[str, Any]], now: datetime) -> History:
    """The versions of every text and questionnaire that the rows ask for. One query."""
    texts = AgreementVersion.objects.filter(
        agreement__in={row[AGREEMENT] for row in rows if row[AGREEMENT]}, effective_from__lte=now
    ).annotate(of=Value("agreement"), requires_consent=Value(RequiresConsent.NONE.value, CharField()))
    questionnaires = QuestionnaireVersion.objects.filter(
        questionnaire__in={row[QUESTIONNAIRE] for row in rows if row[QUESTIONNAIRE]}
    ).annotate(of=Value("questionnaire"))
    fields = ("number", "pk", "asks_again", "requires_consent")
    both = (
        texts.order_by()
        .values_list("of", "agreement_id", *fields)
        .union(questionnaires.order_by().values_list("of", "questionnaire_id", *fields), all=True)
    )
    found: History = defaultdict(list)
    for of, owner, _number, pk, asks_again, bound in sorted(both, key=lambda row: row[2]):
        found[of, owner].append((pk, asks_again, bound))
    return found


def _rule(row: dict[str, Any], versions: History) -> StepRule:
    """The rule of a row with the fields STEP."""
    given = {name.removeprefix("gate__steps__"): value for name, value in row.items()}
    subject = "agreement" if given["agreement_id"] else "questionnaire"
    history = versions.get((subject, given[f"{subject}_id"]), [])
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
    """The ids of the valid versions, from (id, asks again), oldest first."""
    counting: list[int] = []
    for pk, asks_again in history:
        counting = [pk] if asks_again else [*counting, pk]
    return frozenset(counting)
