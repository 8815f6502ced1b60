"""The gate of each zone: its ordered steps and how long an admission lasts."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from gate.models.agreements import Agreement
from gate.models.questionnaires import Questionnaire

ADMISSION_DAYS = 365


class ZoneGate(ClusterableModel):
    """The gate of one zone; its row exists as long as the zone does. Staff rights per zone hang on it."""

    zone = models.OneToOneField(
        "cms.ZonePage", primary_key=True, on_delete=models.CASCADE, related_name="gate"
    )
    admission_days = models.PositiveIntegerField(
        _("days of admission"),
        default=ADMISSION_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("After that a reader whose records are complete enters again with one tap."),
    )

    class Meta:
        verbose_name = _("gate of a zone")
        verbose_name_plural = _("gates of the zones")
        # One permission per right; gate.people.grants gives them per zone, through django-guardian.
        permissions = [
            ("manage_gate", "Can manage the gate of a zone"),
            ("review", "Can review verifications of a zone"),
            ("see_credentials", "Can see credentials of a zone"),
            ("grant_access", "Can grant access to a zone"),
            ("read_zone", "Can read a zone without passing its gate"),
        ]

    def __str__(self) -> str:
        return self.zone.title


class GateStep(Orderable):
    """One step of a zone's gate, in `sort_order`. Agreement or questionnaire, as its kind demands."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        CONSENT = "consent", _("informed consent")
        SEPARATE_CONSENT = "separate_consent", _("separate consent")
        PROFILE = "profile", _("profile questions")
        SURVEY = "survey", _("survey questions")
        VERIFICATION = "verification", _("verification")

    gate = ParentalKey(ZoneGate, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    title = models.CharField(
        _("title"),
        max_length=80,
        blank=True,
        help_text=_("Left empty: the title of the text or the questions."),
    )
    agreement = models.ForeignKey(
        Agreement,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="steps",
        verbose_name=_("agreement"),
    )
    questionnaire = models.ForeignKey(
        Questionnaire,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="steps",
        verbose_name=_("questionnaire"),
    )
    needs_consent = models.BooleanField(
        _("needs informed consent"),
        default=False,
        help_text=_(
            "For questions: the whole step is left out for readers who declined the informed consent."
        ),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=1, help_text=_("How long it takes a reader, as told before they start.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.CheckConstraint(
                name="gate_step_has_its_subject",
                condition=models.Q(
                    kind__in=["agreement", "consent", "separate_consent"],
                    agreement__isnull=False,
                    questionnaire__isnull=True,
                )
                | models.Q(
                    kind__in=["profile", "survey"], questionnaire__isnull=False, agreement__isnull=True
                )
                | models.Q(kind="verification", agreement__isnull=True, questionnaire__isnull=True),
            )
        ]

    def clean(self) -> None:
        """A step points to what its kind asks for, and to that only; it must have been published."""
        if self.kind == self.Kind.VERIFICATION and not _credential_text_published():
            raise ValidationError(
                {"kind": _("Publish the separate consent on sensitive information (credentials) first.")}
            )
        wants_agreement = self.kind in AGREEMENT_KINDS
        wants_questions = self.kind in (self.Kind.PROFILE, self.Kind.SURVEY)
        if not wants_agreement:
            self.agreement = None
        if not wants_questions:
            self.questionnaire, self.needs_consent = None, False
        if wants_agreement:
            self._check_subject("agreement", self.agreement, AGREEMENT_KINDS[self.kind])
        elif wants_questions:
            self._check_subject("questionnaire", self.questionnaire, {self.kind})

    def _check_subject(
        self, field: str, subject: Agreement | Questionnaire | None, kinds: Collection[str]
    ) -> None:
        if subject is None:
            raise ValidationError({field: _("This kind of step needs one.")})
        if subject.kind not in kinds:
            raise ValidationError({field: _("This is not of the kind of the step.")})
        if not subject.versions.exists():
            raise ValidationError({field: _("No version of it has been published yet.")})


def _credential_text_published() -> bool:
    return Agreement.objects.filter(kind=Agreement.Kind.SENSITIVE, versions__isnull=False).exists()


AGREEMENT_KINDS: dict[str, Collection[str]] = {
    GateStep.Kind.AGREEMENT: {Agreement.Kind.IDENTITY},
    GateStep.Kind.CONSENT: {Agreement.Kind.CONSENT},
    GateStep.Kind.SEPARATE_CONSENT: {
        Agreement.Kind.PUBLICATION,
        Agreement.Kind.SHARING,
        Agreement.Kind.CROSS_BORDER,
    },
}
"""The kinds of text that each kind of step may ask for. One text a step: consents are never bundled.

Agreement.Kind.SENSITIVE is not among them: every verification asks for it by itself, for the whole site.
"""
