"""Questions that staff define, frozen versions of them, and readers' answers."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from gate.models.append_only import AppendOnlyModel


class Questionnaire(ClusterableModel):
    """A list of questions. Edited here is the draft; readers answer published versions."""

    class Kind(models.TextChoices):
        PROFILE = "profile", _("profile")
        SURVEY = "survey", _("survey")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering: ClassVar[list[str]] = ["title"]
        permissions = [
            ("publish_questionnaire", "Can publish questionnaire versions"),
        ]

    def __str__(self) -> str:
        return self.title


class Question(Orderable):
    """One question of the draft. `key` names its answer for ever, whatever its wording.

    With `condition_question` (the key of an earlier question of the draft) it is shown only to readers whose
    answer to that one is, or contains, `condition_value`. Publishing checks that this can work.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("one line")
        LONG_TEXT = "long_text", _("several lines")
        SINGLE = "single", _("one of several")
        MULTIPLE = "multiple", _("any of several")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        INSTITUTION = "institution", _("institution")
        DEPARTMENT = "department", _("department")

    questionnaire = ParentalKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    key = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(_("answered with"), max_length=16, choices=Kind.choices, default=Kind.TEXT)
    text = models.CharField(_("question"), max_length=300)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("One on each line, for questions with a choice.")
    )
    minimum = models.FloatField(_("smallest number"), null=True, blank=True)
    maximum = models.FloatField(_("largest number"), null=True, blank=True)
    whole_number = models.BooleanField(_("whole numbers only"), default=False)
    required = models.BooleanField(_("must be answered"), default=True)
    consent_bound = models.BooleanField(
        _("needs informed consent"),
        default=False,
        help_text=_("Asked only of readers who agreed to the zone's informed consent."),
    )
    condition_question = models.UUIDField(_("shown only after an answer to"), null=True, blank=True)
    condition_value = models.CharField(
        _("when that answer is or contains"),
        max_length=300,
        blank=True,
        help_text=_("One of the other question's choices, or the exact number, date or text."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def choice_list(self) -> list[str]:
        """The choices, one per line that is not empty."""
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class QuestionnaireVersion(AppendOnlyModel):
    """The questions as published, frozen.

    `questions` is a list of {"key", "kind", "text", "hint", "choices": [str], "required", "consent_bound"},
    and, where the question has a condition, "shown_when": {"question": key, "value": str}
    (gate.questions.conditions); where a number is bounded, "minimum", "maximum" (numbers) and "whole_number":
    true. `requires_consent` says how many of them need the informed consent (facts.RequiresConsent).
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True)
    questions = models.JSONField()
    requires_consent = models.CharField(max_length=8, db_column="bound")
    asks_again = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("questionnaire version")
        ordering: ClassVar[list[str]] = ["questionnaire_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="gate_questionnaire_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class AnswerSet(models.Model):
    """One submission. `answers` maps a question's key to its value: str, list of str, or number.

    A correction is a new row that `corrects` the one before, which is kept. Not append-only: answers are
    personal data and must be erasable. A database trigger (migration 0011) lets an update remove answers (a
    withdrawn consent) and change nothing else. `with_consent`: the questions that require consent were asked
    too.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="answer_sets")
    zone = models.ForeignKey("cms.ZonePage", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="answer_sets")
    answers = models.JSONField()
    with_consent = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="correction"
    )

    class Meta:
        verbose_name = _("answers")
        indexes = [models.Index(fields=["user", "zone"], name="gate_answers_user_zone")]
