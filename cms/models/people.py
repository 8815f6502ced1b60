"""people and organisations, each stored once and named in any number of bylines."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index


class Contributor(index.Indexed, models.Model):  # type: ignore[django-manager-missing]  # ParentalKey is untyped
    """A name in a byline. Renaming one appends a publication of every live article that names it."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(
        _("professional title"), max_length=120, blank=True, help_text=_("For example: chief physician")
    )
    affiliation = models.CharField(
        _("affiliation"), max_length=200, blank=True, help_text=_("Hospital or institution, and department")
    )

    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("name")]),
        FieldPanel("title"),
        FieldPanel("affiliation"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("affiliation"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.affiliation})" if self.affiliation else self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The name and every document that holds it change together.
        with transaction.atomic():
            super().save(*args, **kwargs)
