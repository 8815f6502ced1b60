"""Declares every table with personal data, and what erasure does with its rows.

The one table that erasure carries out and that tests compare with the models: a new relation to users that
is not declared here fails tests/gate/privacy/test_personal_data.py. Rows that refer to a user by something
other than a foreign key (sessions, sign-in attempts, log labels) are in gate.privacy.erasure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet


class Act(StrEnum):
    """What erasure does with the rows: `clear` empties fields, `unlink` removes the user from the row."""

    DELETE = "delete"
    CLEAR = "clear"
    UNLINK = "unlink"
    KEEP = "keep"


OWN_ACT = "the person's own; nothing else needs it"
EVIDENCE = "evidence that the law asks for; points to the pseudonym"
STAFF_ACT = "an act of staff: who did it stays answerable, under a pseudonym"
DECISION = "that a decision was made, on what kind of request and when; without what identifies the person"


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of `model` ("app.Model") that refer to the user by `path` (a lookup).

    `clears`: field to its empty value; `keeps`: fields with text that stay, because they identify no user.
    `exported`: the section of the user's export that shows them, or "" with the reason in `why`.
    """

    model: str
    path: str
    act: Act
    why: str
    clears: Mapping[str, Any] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    exported: str = ""

    def rows(self, person_id: int) -> QuerySet[Any]:
        """The user's rows, past every manager that hides some."""
        model: type[Model] = apps.get_model(self.model)
        return model._base_manager.filter(**{self.path: person_id})


HOLDINGS: tuple[Holding, ...] = (
    # --- the gate --------------------------------------------------------------------------------------
    Holding("gate.ConsentRecord", "user", Act.KEEP, EVIDENCE, exported="consents"),
    Holding("gate.AnswerSet", "user", Act.DELETE, OWN_ACT, exported="answers"),
    Holding("gate.Admission", "user", Act.DELETE, OWN_ACT, exported="admissions"),
    Holding(
        "gate.Verification",
        "user",
        Act.CLEAR,
        DECISION,
        clears={
            "full_name": "",
            "licence_number": "",
            "institution": "",
            "department": "",
            "professional_title": "",
            "reason": "",
            "field_reasons": {},
            "proposal": {},
        },
        keeps=("profession", "state"),
        exported="verifications",
    ),
    Holding(
        "gate.Credential",
        "verification__user",
        Act.KEEP,
        "the file is deleted; a keyed hash, its size and kind stay as evidence of what was decided on",
        keeps=("content_type", "content_hash", "sealed"),
        exported="verifications",
    ),
    Holding(
        "gate.CaseMessage",
        "verification__user",
        Act.CLEAR,
        "that a question, an answer, a note or an appeal was written, when and by whom; without its words",
        clears={"text": ""},
        keeps=("kind",),
        exported="verifications",
    ),
    Holding("gate.VerificationEvent", "verification__user", Act.KEEP, DECISION, exported="verifications"),
    Holding(
        "gate.RegisterCheck",
        "verification__user",
        Act.KEEP,
        "says which fields agreed with a register, without their values",
        keeps=("register", "status", "detail"),
        exported="verifications",
    ),
    Holding("gate.Reminder", "case__user", Act.DELETE, OWN_ACT),
    Holding("gate.AuditEvent", "subject", Act.KEEP, EVIDENCE, exported="accesses"),
    Holding("gate.ZoneUserObjectPermission", "user", Act.DELETE, OWN_ACT, exported="grants"),
    Holding("gate.ProposedGrant", "user", Act.DELETE, "a right that two administrators give; see the grants"),
    # --- signing in ------------------------------------------------------------------------------------
    Holding("account.EmailAddress", "user", Act.DELETE, OWN_ACT, exported="account"),
    Holding("mfa.Authenticator", "user", Act.DELETE, OWN_ACT, exported="account"),
    Holding("allauth_idp_oidc.Token", "user", Act.DELETE, OWN_ACT, exported="applications"),
    Holding("allauth_idp_oidc.Client", "owner", Act.UNLINK, "belongs to the front end, not to the person"),
    Holding("gate.User_groups", "user", Act.DELETE, OWN_ACT, exported="account"),
    Holding("gate.User_user_permissions", "user", Act.DELETE, OWN_ACT, exported="account"),
    Holding("guardian.UserObjectPermission", "user", Act.DELETE, "not used: grants are on zones"),
    # --- mails -----------------------------------------------------------------------------------------
    Holding("gate.Notice", "user", Act.DELETE, OWN_ACT),
    Holding("gate.MailChoice", "user", Act.DELETE, OWN_ACT, exported="account"),
    # --- what staff did, before they were readers only --------------------------------------------------
    *(
        Holding(model, path, Act.KEEP, STAFF_ACT)
        for model, path in (
            ("gate.Verification", "reviewer"),
            ("gate.Verification", "proposed_by"),
            ("gate.Verification", "appealed_from"),
            ("gate.CaseMessage", "author"),
            ("gate.CaseMessage", "to"),
            ("gate.VerificationEvent", "actor"),
            ("gate.CredentialLook", "reviewer"),
            ("gate.AuditEvent", "actor"),
            ("gate.Admission", "revoked_by"),
            ("gate.AgreementVersion", "published_by"),
            ("gate.QuestionnaireVersion", "published_by"),
            ("gate.ZoneUserObjectPermission", "granted_by"),
            ("gate.ZoneGroupObjectPermission", "granted_by"),
            ("gate.ProposedGrant", "proposed_by"),
            ("gate.ProposedGrant", "decided_by"),
            ("cms.XinglinImage", "uploaded_by_user"),
            ("wagtaildocs.Document", "uploaded_by_user"),
            ("wagtailimages.Image", "uploaded_by_user"),
            ("wagtailcore.UploadedFile", "uploaded_by_user"),
            ("wagtailcore.Revision", "user"),
            ("wagtailcore.WorkflowState", "requested_by"),
            ("wagtailcore.TaskState", "finished_by"),
            ("wagtailcore.Page", "locked_by"),
            ("wagtailcore.Page", "owner"),
            ("wagtailcore.Comment", "user"),
            ("wagtailcore.Comment", "resolved_by"),
            ("wagtailcore.CommentReply", "user"),
            ("wagtailcore.ModelLogEntry", "user"),
            ("wagtailcore.PageLogEntry", "user"),
        )
    ),
    # --- how a user had the admin -----------------------------------------------------------------------
    *(
        Holding(model, "user", Act.DELETE, "a setting or a draft of the admin; only staff have any")
        for model in (
            "wagtailusers.UserProfile",
            "wagtailadmin.EditingSession",
            "wagtailadmin.FormState",
            "wagtailcore.APIToken",
            "wagtailcore.PageSubscription",
            "admin.LogEntry",
        )
    ),
)


_declared: list[Holding] = []


def declare(holding: Holding) -> None:
    """For packages that build on the gate: declare what they hold about users, in AppConfig.ready()."""
    if holding not in _declared:
        _declared.append(holding)


def holdings() -> tuple[Holding, ...]:
    """The whole table, with the declarations of other packages."""
    return (*HOLDINGS, *_declared)


def clears_of(model: str) -> Mapping[str, Any]:
    """The fields of "app.Model" that identify a user, with their empty values."""
    return next(holding.clears for holding in HOLDINGS if holding.model == model and holding.clears)
