"""Messages on a case: notes among reviewers, their questions and the applicant's answers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gate.models.append_only import AppendOnlyModel, AppendOnlyQuerySet
from gate.models.verifications import Verification


class CaseMessageQuerySet(AppendOnlyQuerySet):
    """Adds and reads; the one change allowed, by the database too, empties the text."""

    def blank(self) -> int:
        """Erasure: the rows stay and show when and by whom something was written. Returns the number."""
        return models.QuerySet.update(self, text="")


class CaseMessage(AppendOnlyModel):
    """A text on a case. `to`: the colleague of a hand-over. `text` may be personal; erasure empties it."""

    class Kind(models.TextChoices):
        NOTE = "note", _("internal note")
        HAND_OVER = "hand_over", _("note of a hand-over")
        QUESTION = "question", _("question to the applicant")
        ANSWER = "answer", _("answer of the applicant")
        APPEAL = "appeal", _("request for another review")
        DECISION = "decision", _("reason of an earlier decision")

    # The others are for reviewers: no screen, mail, export or API of the applicant's shows them.
    SHOWN_TO_PERSON: ClassVar = (Kind.QUESTION, Kind.ANSWER, Kind.APPEAL)

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = CaseMessageQuerySet.as_manager()  # type: ignore[misc]  # in the place of the base's

    class Meta:
        verbose_name = _("message on a case")
        ordering: ClassVar[list[str]] = ["pk"]
