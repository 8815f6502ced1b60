"""The gate of each zone: its ordered steps and how long an admission lasts."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from gate.models.agreements import Agreement
from gate.models.questionnaires import Questionnaire
from gate.states import ADMISSION_DAYS

step_checked = Signal()
"""Sent with `step` while a GateStep is cleaned; receivers raise ValidationError by field."""


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
        _("minutes"), default=1, help_text=_("How long it takes a reader, as shown before they start.")
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
        """Check what the kind of the step requires (gate.steps.checks), where there is such a kind."""
        if self.kind in self.Kind.values:
            step_checked.send(GateStep, step=self)
