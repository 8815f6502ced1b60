"""Codes that rows store and the policy decides on. Pure: models and facts import them alike."""

from __future__ import annotations

from enum import StrEnum


class ConsentDecision(StrEnum):
    """A decision on an agreement version. Refused, skipped and withdrawn can be changed later."""

    AGREED = "agreed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class CaseState(StrEnum):
    """The state of one verification. `needs_answer`: the reviewer has asked the applicant something."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    NEEDS_ANSWER = "needs_answer"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"


ADMISSION_DAYS = 365
"""How long an admission lasts, where the gate of a zone sets nothing else."""
