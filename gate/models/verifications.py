"""Verifications (requests to be recognised as a healthcare professional), their credentials and history."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from gate.models.append_only import AppendOnlyModel
from gate.states import CaseState

DESK_STATES = (CaseState.SUBMITTED, CaseState.IN_REVIEW)
"""Waiting for a reviewer's decision."""
OPEN_STATES = (*DESK_STATES, CaseState.NEEDS_ANSWER)
"""Undecided, in any queue. A user has at most one such verification."""


class Profession(models.TextChoices):
    PHYSICIAN = "physician", _("physician")
    PHARMACIST = "pharmacist", _("pharmacist")
    NURSE = "nurse", _("nurse")
    TECHNICIAN = "technician", _("technician")
    STUDENT = "student", _("medical student")
    OTHER = "other", _("other health profession")


STATED_FIELDS = (
    "full_name",
    "profession",
    "licence_number",
    "institution",
    "department",
    "professional_title",
)
"""What applicants state about themselves, in the order of a licence."""


class Verification(models.Model):
    """One verification. It is of the user, for the whole platform; `zone` is only where it came in.

    A resubmission is a new row whose `previous` is the rejected one. `field_reasons` maps a form field to
    the reviewer's reason for it. `expires_at` is set by the approval. A user has at most one open
    verification.

    `requeued_at`: since when it waits for a reviewer, where that is not `submitted_at`: the time it waited
    for the applicant is left out, an appeal starts again. `claimed_at`: in state needs_answer, when the
    question was asked. `held_until`: kept for its reviewer for longer than a claim lasts (answered, handed
    over). `proposal`: the first of two decisions (a revocation, too) while the second is awaited, by
    `proposed_by`. `appealed_from`: who had rejected it before the appeal; an appeal happens once.
    `replaces`: the approval in force when this one was submitted. It stays in force until this one is
    approved.
    """

    class State(models.TextChoices):
        DRAFT = CaseState.DRAFT.value, _("draft")
        SUBMITTED = CaseState.SUBMITTED.value, _("submitted")
        IN_REVIEW = CaseState.IN_REVIEW.value, _("in review")
        NEEDS_ANSWER = CaseState.NEEDS_ANSWER.value, _("waiting for the applicant")
        APPROVED = CaseState.APPROVED.value, _("approved")
        REJECTED = CaseState.REJECTED.value, _("rejected")
        EXPIRED = CaseState.EXPIRED.value, _("expired")
        REVOKED = CaseState.REVOKED.value, _("revoked")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="verifications",
        verbose_name=_("person"),
    )
    zone = models.ForeignKey(
        "cms.ZonePage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("zone"),
    )
    previous = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="resubmission"
    )
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT)
    full_name = models.CharField(_("name on the licence"), max_length=80)
    profession = models.CharField(_("profession"), max_length=16, choices=Profession.choices)
    licence_number = models.CharField(_("licence number"), max_length=40, blank=True)
    institution = models.CharField(_("institution"), max_length=120)
    department = models.CharField(_("department"), max_length=80, blank=True)
    professional_title = models.CharField(_("professional title"), max_length=80, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviewed_verifications",
        verbose_name=_("reviewer"),
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    field_reasons = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    requeued_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    proposal = models.JSONField(default=dict, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    appealed_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering: ClassVar[list[str]] = ["submitted_at", "pk"]
        permissions = [
            ("review_verification", "Can review the verifications of every zone"),
            ("see_any_credential", "Can see the credentials of every zone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=[state.value for state in OPEN_STATES]),
                name="gate_one_open_verification",
            )
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="gate_verification_queue")]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.get_profession_display()})"

    @property
    def is_change(self) -> bool:
        """Whether a recognised applicant states something else with it; False for a renewal."""
        return self.replaces is not None and any(
            getattr(self.replaces, name) != getattr(self, name) for name in STATED_FIELDS
        )

    @property
    def revocation_proposed(self) -> bool:
        """Whether the approval is in force while a second reviewer is asked to revoke it."""
        return self.state == CaseState.APPROVED and self.proposal.get("decision") == CaseState.REVOKED

    @property
    def waits_since(self) -> datetime | None:
        """Since when it waits for a reviewer; WAITS_SINCE is the same in a query."""
        return self.requeued_at or self.submitted_at


WAITS_SINCE = Coalesce("requeued_at", "submitted_at")


class Credential(models.Model):
    """One picture of a licence or an identity card: encrypted, outside Wagtail's images and documents.

    Until its transaction has committed the ciphertext waits in `sealed`; then it moves to the file `name`
    under XINGLIN_CREDENTIALS_ROOT (see gate.verification.files.vault). `content_hash` is a keyed hash that
    stays when the file is deleted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="credentials")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("credential")
        ordering: ClassVar[list[str]] = ["pk"]

    @property
    def name(self) -> str:
        """The file's name in the vault; it reveals nothing about the applicant."""
        return f"{self.uuid}.sealed"


class CredentialLook(AppendOnlyModel):
    """One credential was drawn for one reviewer: required for a decision (gate.verification.files.looks).

    `permit`: id of the AuditEvent that allowed it, which allows it once. No foreign key: audit rows are
    deleted after their time, the look stays with the credential.
    """

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="looks")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    permit = models.BigIntegerField(unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("look at a credential")


class VerificationEvent(AppendOnlyModel):
    """An event of a verification and its actor. `detail`: no personal data but the reviewer's own text."""

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    action = models.CharField(max_length=32)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("event of a verification")
        ordering: ClassVar[list[str]] = ["pk"]
