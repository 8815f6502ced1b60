"""Models of the gate. Each file holds one family; import models from here."""

from __future__ import annotations

from gate.models.accounts import User
from gate.models.admissions import Admission
from gate.models.agreements import Agreement, AgreementLink, AgreementVersion, ConsentRecord
from gate.models.append_only import AppendOnlyError, AppendOnlyModel
from gate.models.audit import AuditEvent
from gate.models.casework import CaseMessage
from gate.models.grants import ZoneGroupObjectPermission, ZoneUserObjectPermission
from gate.models.notices import MailChoice, Notice, Reminder
from gate.models.outgoing import OutgoingMail
from gate.models.proposed_grants import ProposedGrant
from gate.models.questionnaires import AnswerSet, Question, Questionnaire, QuestionnaireVersion
from gate.models.register_checks import RegisterCheck
from gate.models.steps import GateStep, ZoneGate
from gate.models.verifications import (
    DESK_STATES,
    OPEN_STATES,
    WAITS_SINCE,
    Credential,
    CredentialLook,
    Profession,
    Verification,
    VerificationEvent,
)

__all__ = [
    "DESK_STATES",
    "OPEN_STATES",
    "WAITS_SINCE",
    "Admission",
    "Agreement",
    "AgreementLink",
    "AgreementVersion",
    "AnswerSet",
    "AppendOnlyError",
    "AppendOnlyModel",
    "AuditEvent",
    "CaseMessage",
    "ConsentRecord",
    "Credential",
    "CredentialLook",
    "GateStep",
    "MailChoice",
    "Notice",
    "OutgoingMail",
    "Profession",
    "ProposedGrant",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "RegisterCheck",
    "Reminder",
    "User",
    "Verification",
    "VerificationEvent",
    "ZoneGate",
    "ZoneGroupObjectPermission",
    "ZoneUserObjectPermission",
]
