"""Tables of search: articles still to be indexed, and reviewed synonyms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.analysis import fold


class OutboxEntry(models.Model):
    """One article whose ledger row the index has not seen. Written in the transaction of that row, deleted
    once indexed. `kind` and `sequence` are the publication's; what is indexed is the head at that time."""

    article_id = models.UUIDField(db_index=True)
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("index update")
        verbose_name_plural = _("index updates")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind} {self.article_id}"


class SynonymGroup(models.Model):
    """Terms that a reviewer found to mean the same in medicine. Only reviewed groups widen searches; a change
    takes effect with the next search, without reindexing."""

    MAX_TERMS = 12
    MAX_TERM_LENGTH = 60

    terms = models.TextField(
        _("terms"),
        help_text=_("One term per line. The same thing in other words: a disease is not its relative."),
    )
    note = models.CharField(
        _("note"),
        max_length=255,
        blank=True,
        help_text=_("Where it is stated that these terms mean the same."),
    )
    reviewed = models.BooleanField(
        _("reviewed"), default=False, help_text=_("Only reviewed groups take part in searches.")
    )

    class Meta:
        verbose_name = _("synonym group")
        verbose_name_plural = _("synonym groups")
        ordering = ["terms"]

    def __str__(self) -> str:
        return " = ".join(self.lines)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.terms = "\n".join(self.lines)
        super().save(*args, **kwargs)

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.terms.splitlines() if line.strip()]

    @property
    def folded(self) -> tuple[str, ...]:
        """Each term once, as searches see it."""
        return tuple(dict.fromkeys(fold(line) for line in self.lines))

    def clean(self) -> None:
        """A term may stand in one group only: abbreviations collide, as EGFR and eGFR do."""
        mine = set(self.folded)
        if not 2 <= len(mine) <= self.MAX_TERMS or any(len(term) > self.MAX_TERM_LENGTH for term in mine):
            raise ValidationError(
                {"terms": _("A group has 2 to 12 different terms of at most 60 characters each.")}
            )
        for other in SynonymGroup.objects.exclude(pk=self.pk):
            if shared := mine.intersection(other.folded):
                raise ValidationError(
                    {
                        "terms": _("“%(term)s” already stands in the group “%(group)s”.")
                        % {"term": min(shared), "group": str(other)}
                    }
                )
