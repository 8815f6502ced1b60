"""The facts of the policy: reasons, rules of a zone, records of a user. No I/O.

gate.decision.selectors make these from rows; gate.decision.policy decides on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cms.audiences import Audience
from gate.states import ADMISSION_DAYS as ADMISSION_DAYS
from gate.states import CaseState as CaseState
from gate.states import ConsentDecision as ConsentDecision

IMPLIED_VERIFICATION_ID = -1
"""Step id of the verification that the audience `hcp` demands where the zone configures none."""
ENTER_STEP_ID = 0
"""Step id of entering: everything is complete and only the admission is missing or has run out."""
CREDENTIAL_CONSENT_ID = -2
"""Id of the rule for the site-wide consent that a verification asks for before it takes a credential."""


class Reason(StrEnum):
    """The reason that every Decision carries. The values are part of the API (`locked.reason`)."""

    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    AGREEMENT_REQUIRED = "agreement_required"
    REFUSED = "refused"
    CONSENT_REQUIRED = "consent_required"
    PROFILE_REQUIRED = "profile_required"
    SURVEY_REQUIRED = "survey_required"
    VERIFICATION_REQUIRED = "verification_required"
    PENDING_REVIEW = "pending_review"
    REJECTED = "rejected"
    ADMITTED = "admitted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    GRANTED_BY_STAFF = "granted_by_staff"


OPENING = frozenset({Reason.PUBLIC, Reason.ADMITTED, Reason.GRANTED_BY_STAFF})
"""The reasons that let a user read. Every other one denies."""


class RequiresConsent(StrEnum):
    """How many of a questionnaire's questions require the informed consent."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class StepRule:
    """One configured step. `subject_id` is its agreement or questionnaire, `version_id` the current version.

    `valid_version_ids`: the versions on which a decision or an answer still counts, the current one and the
    older ones since a version last asked everyone again (`asks_again`: the current version did). `minutes` is
    an estimate for the reader. `kind` is the code of a gate.decision.step_kinds.StepKind, `subject_kind` that
    of the agreement or questionnaire.
    """

    id: int
    kind: str
    title: str = ""
    minutes: int = 0
    subject_id: int | None = None
    version_id: int | None = None
    asks_again: bool = False
    valid_version_ids: frozenset[int] = frozenset()
    requires_consent: RequiresConsent = RequiresConsent.NONE
    subject_kind: str = ""


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """A zone as the policy sees it. `audience` is that of the article when it is stricter than the zone's.

    `admission_days`: how long an admission to it lasts.
    """

    zone_id: int
    audience: Audience
    steps: tuple[StepRule, ...] = ()
    admission_days: int = ADMISSION_DAYS


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """`zone_id` None: decided for the whole site."""

    zone_id: int | None
    agreement_id: int
    version_id: int
    decided: ConsentDecision


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """Answers to one questionnaire version.

    `with_consent`: the questions that require consent were asked too.
    """

    zone_id: int
    questionnaire_id: int
    version_id: int
    with_consent: bool


@dataclass(frozen=True, slots=True)
class CaseFact:
    state: CaseState
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AdmissionFact:
    zone_id: int
    expires_at: datetime
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class GrantFact:
    """The right to read a zone, given by staff; without `expires_at` it lasts until it is revoked."""

    zone_id: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A user and their records, each tuple oldest first. `user_id` None: anonymous."""

    user_id: int | None = None
    consents: tuple[ConsentFact, ...] = ()
    answers: tuple[AnswerFact, ...] = ()
    cases: tuple[CaseFact, ...] = ()
    admissions: tuple[AdmissionFact, ...] = ()
    grants: tuple[GrantFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer.

    `next_step` is what the user can do about a denial; None when nothing, or when they only must sign in.
    `expires_at`: when a yes ends by itself. `waits_at`: the step that the reviewers are at.
    """

    allowed: bool
    reason: Reason
    next_step: StepRule | None = None
    expires_at: datetime | None = None
    waits_at: StepRule | None = None
