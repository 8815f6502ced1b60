"""The ledger: one immutable row per published state of an article, and the current row of each.

Only cms.publishing writes here. Triggers of the database refuse what the model refuses (migration 0002).
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.audiences import Audience


class LedgerIsAppendOnly(TypeError):
    """A row of the ledger was to be changed or removed: an error of the program, never of its user."""


class PublicationQuerySet(models.QuerySet["Publication"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly("publications are never changed")

    def delete(self) -> NoReturn:
        raise LedgerIsAppendOnly("publications are never deleted")


class Publication(models.Model):
    """One published state of an article.

    The texts hold JSON exactly as the API sends it; empty for `withdrawn`.

    sequence: in commit order: a client that read up to N never misses a row <= N later.
    digest: hex SHA-256 of the state (cms.documents.digest); equal digests are never appended in a row.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        MOVED = "moved", _("Moved")
        AUDIENCE_CHANGED = "audience_changed", _("Audience changed")
        RERECORDED = "rerecorded", _("Recorded again")

    sequence = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    article_id = models.UUIDField(db_index=True)
    page_id = models.IntegerField()
    zone_id = models.IntegerField()
    zone_slug = models.CharField(max_length=255)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    locale = models.CharField(max_length=100)
    revision_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=255)
    date = models.DateField()
    teaser = models.TextField(blank=True)
    public_document = models.TextField(blank=True)
    full_document = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["article_id", "-sequence"], name="publication_article_latest")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind} {self.article_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly("publications are never changed")
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly("publications are never deleted")


class PublicationHead(models.Model):
    """The current row of one article, written in the transaction that appends it. Listings read it."""

    article_id = models.UUIDField(primary_key=True)
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="head")
    live = models.BooleanField()
    zone_id = models.IntegerField()
    zone_slug = models.CharField(max_length=255)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    locale = models.CharField(max_length=100)
    title = models.CharField(max_length=255)
    date = models.DateField()
    sequence = models.BigIntegerField(unique=True)

    class Meta:
        verbose_name = _("current publication")
        verbose_name_plural = _("current publications")
        ordering = ["-date", "-sequence"]
        indexes = [
            models.Index(fields=["live", "-date", "-sequence"], name="head_newest"),
            models.Index(fields=["live", "zone_id", "-date", "-sequence"], name="head_newest_in_zone"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} @ {self.sequence}"


class LedgerHead(models.Model):
    """One row, number 1. Every writer locks it first, until commit: that orders the sequence."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    sequence = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("end of the ledger")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="ledger_has_one_head")]

    def __str__(self) -> str:
        return str(self.sequence)

    @classmethod
    def lock(cls) -> int:
        """Lock the end of the ledger until commit and return its sequence. Needs a transaction.

        An UPDATE, because SQLite knows no SELECT FOR UPDATE. Taken before anything else is written, it keeps
        two publishers from waiting for each other's rows.
        """
        if not cls.objects.filter(pk=1).update(sequence=F("sequence")):
            last = Publication.objects.aggregate(last=Max("sequence"))["last"] or 0
            cls.objects.get_or_create(pk=1, defaults={"sequence": last})
            cls.objects.filter(pk=1).update(sequence=F("sequence"))
        return cls.objects.values_list("sequence", flat=True).get(pk=1)
