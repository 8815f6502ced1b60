"""The site's tree: home, zones, articles (cms.models.articles). Access is not by Wagtail's page privacy."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms.addresses import zone_path
from cms.audiences import Audience
from cms.models.publications import LedgerHead
from cms.signals import page_saved


class IdentifiedPage(Page):
    """A page with an identity of its own, which copies, aliases and old revisions never take over."""

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)

    exclude_fields_in_copy = ["uuid"]
    ledger_fields: frozenset[str] = frozenset()
    """A save with update_fields that names none of these changes nothing that readers see."""

    class Meta:
        abstract = True

    def with_content_json(self, content: dict[str, Any]) -> IdentifiedPage:
        page = super().with_content_json(content)
        page.uuid = self.uuid
        return page

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save and update the ledger in one transaction: the page and its publication commit together."""
        if self._state.adding and self.alias_of_id:
            # Wagtail's alias action copies every field, the unique ones too.
            self.uuid = uuid.uuid4()
        with transaction.atomic():
            # Before every other lock, for drafts too: Wagtail's search index touches rows of other pages as
            # well.
            LedgerHead.lock()
            before = self._values_before()
            result = super().save(*args, **kwargs)
            fields = kwargs.get("update_fields")
            if fields is None or self.ledger_fields & set(fields):
                page_saved.send(sender=type(self), instance=self, before=before)
        return result

    def _values_before(self) -> dict[str, Any] | None:
        return None


class HomePage(Page):
    """The root of one site. Holds the zones; the home screen is built from them."""

    subpage_types = ["cms.ZonePage"]
    parent_page_types = ["wagtailcore.Page"]
    promote_panels = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        return reader_url_parts(super().get_url_parts(request), "/")

    def is_previewable(self) -> bool:
        return False


class ZonePage(IdentifiedPage):
    """A section of the site with one gate. Its audience applies to each article that does not tighten it."""

    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("What this zone offers, in one or two sentences"),
    )
    audience = models.CharField(
        _("audience"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.HCP,
        help_text=_("Who may read the articles of this zone. An article may tighten it, never widen it."),
    )

    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.ArticlePage"]
    ledger_fields = frozenset({"title", "slug", "audience", "live", "locale"})
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("audience")]
    promote_panels = [FieldPanel("slug")]
    search_fields = [*Page.search_fields, index.FilterField("audience")]

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        return reader_url_parts(super().get_url_parts(request), zone_path(self.slug))

    def is_previewable(self) -> bool:
        return False

    def _values_before(self) -> dict[str, Any] | None:
        return ZonePage.objects.filter(pk=self.pk).values("title", "slug", "audience", "live").first()


def reader_url_parts(parts: Any, path: str) -> tuple[int, str, str] | None:
    """Wagtail's (site id, root url, path), with the path of the reader site.

    Wagtail's own serve view is not mounted, so Wagtail itself would return None as the path.
    """
    from django.conf import settings

    if parts is None:
        return None
    return parts[0], settings.XINGLIN_BASE_URL.rstrip("/"), path
