"""The only writers of the gate: keyword-only, atomic, named by verbs. Refusals are gate.errors.

Lock order, always: the person's row, then the request's row. So two acts on one person have one winner and
never wait for each other in a circle.
"""

from __future__ import annotations

from gate.services.admissions import enter, reopen_admission, revoke_admission
from gate.services.agreements import publish_agreement
from gate.services.answers import correct_answers, submit_answers
from gate.services.applications import submit_verification
from gate.services.casework import add_note, hand_over, request_information
from gate.services.consents import decide_agreement, withdraw_consent
from gate.services.credential_consent import decide_on_credentials
from gate.services.questionnaires import publish_questionnaire
from gate.services.replies import appeal, give_information
from gate.services.revocations import decline_revocation, propose_revocation, revoke
from gate.services.verifications import approve, claim, confirm, expire_due, reject, release

__all__ = [
    "add_note",
    "appeal",
    "approve",
    "claim",
    "confirm",
    "correct_answers",
    "decide_agreement",
    "decide_on_credentials",
    "decline_revocation",
    "enter",
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
    "submit_answers",
    "submit_verification",
    "withdraw_consent",
]
