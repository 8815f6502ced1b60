"""The only writers of the gate: keyword-only, atomic, named by verbs. Refusals are gate.errors.

Lock order, always: the person's row, then the request's row. So two acts on one person have one winner and
never wait for each other in a circle.
"""

from __future__ import annotations

from gate.consent.agreements import publish_agreement
from gate.consent.credential_decisions import decide_on_credentials
from gate.consent.decisions import withdraw_consent
from gate.questions.answers import correct_answers
from gate.questions.publish import publish_questionnaire
from gate.steps.admissions import reopen_admission, revoke_admission
from gate.steps.taking import take_step
from gate.verification.casework import add_note, hand_over, request_information
from gate.verification.decisions import approve, claim, confirm, expire_due, reject, release
from gate.verification.replies import appeal, give_information
from gate.verification.revocations import decline_revocation, propose_revocation, revoke
from gate.verification.submission import submit_verification

__all__ = [
    "add_note",
    "appeal",
    "approve",
    "claim",
    "confirm",
    "correct_answers",
    "decide_on_credentials",
    "decline_revocation",
    "expire_due",
    "give_information",
    "hand_over",
    "propose_revocation",
    "publish_agreement",
    "publish_questionnaire",
    "reject",
    "release",
    "reopen_admission",
    "request_information",
    "revoke",
    "revoke_admission",
    "submit_verification",
    "take_step",
    "withdraw_consent",
]
