"""Articles: structured text with its byline, its source and its audience."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from cms.addresses import article_path
from cms.audiences import Audience, strictest
from cms.blocks import ArticleBody
from cms.forms import ArticlePageForm
from cms.models.pages import IdentifiedPage, ZonePage, reader_url_parts
from cms.models.people import Contributor


class ArticlePage(IdentifiedPage):
    """One article. A draft may be incomplete; cms.publish_rules checks what publishing demands.

    Whenever one becomes live, changes while live, moves or is deleted, the ledger is updated in the same
    transaction.
    """

    class Originality(models.TextChoices):
        ORIGINAL = "original", _("Original")
        REPUBLISHED = "republished", _("Republished")
        TRANSLATED = "translated", _("Translated")

    summary = models.TextField(
        _("summary"),
        max_length=500,
        blank=True,
        help_text=_("Everyone reads this, also those who may not read on"),
    )
    date = models.DateField(_("date"), default=timezone.localdate)
    originality = models.CharField(
        _("originality"), max_length=12, choices=Originality.choices, default=Originality.ORIGINAL
    )
    source_organisation = models.CharField(_("source: organisation"), max_length=200, blank=True)
    source_url = models.URLField(_("source: link"), max_length=1000, blank=True)
    source_permission = models.CharField(
        _("source: permission"),
        max_length=300,
        blank=True,
        help_text=_("Who allowed the use, when, and for what"),
    )
    audience = models.CharField(
        _("audience"),
        max_length=10,
        choices=Audience.choices,
        blank=True,
        default="",
        help_text=_("Empty: as the zone. Only a narrower audience than the zone's has an effect."),
    )
    body = StreamField(ArticleBody(), verbose_name=_("body"), blank=True)

    base_form_class = ArticlePageForm
    parent_page_types = ["cms.ZonePage"]
    subpage_types: list[str] = []
    ledger_fields = frozenset(
        {
            "title", "slug", "live", "locale", "summary", "date", "originality", "audience", "body",
            "source_organisation", "source_url", "source_permission",
        }
    )  # fmt: skip
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        InlinePanel("byline", heading=_("Byline"), label=_("Author")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("date"), FieldPanel("originality")]),
                FieldPanel("source_organisation"),
                FieldPanel("source_url"),
                FieldPanel("source_permission"),
            ],
            heading=_("Origin"),
        ),
        FieldPanel("audience"),
    ]
    promote_panels = [FieldPanel("slug")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.FilterField("originality")]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    @cached_property
    def zone(self) -> ZonePage | None:
        """The nearest zone above. Cached on this object; after a move, load a fresh one."""
        return ZonePage.objects.ancestor_of(self).select_related("locale").order_by("-depth").first()

    @property
    def effective_audience(self) -> Audience:
        """The zone's audience, or the article's own where that is narrower. Without a zone: the narrowest."""
        if self.zone is None:
            return Audience.HCP
        return strictest(self.zone.audience, self.audience or self.zone.audience)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self._state.adding and self.go_live_at and self.go_live_at > timezone.now():
            # The admin's "create and schedule" stores the page as live for a moment.
            self.live = False
        return super().save(*args, **kwargs)

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail does.

        Raises PublishRefused; on schedule the refusal is recorded in the page's history instead.
        """
        from cms import scheduling
        from cms.publish_rules import PublishRefused

        try:
            return super().publish(revision, *args, **kwargs)
        except PublishRefused as refusal:
            if kwargs.get("log_action") != scheduling.SCHEDULED:
                raise
            scheduling.refuse(self, revision, refusal)

    def serializable_data(self) -> dict[str, Any]:
        """What a revision stores, and what is kept with it (cms.authorship)."""
        from cms.authorship import facts_to_keep

        return super().serializable_data() | facts_to_keep(self)

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        return reader_url_parts(super().get_url_parts(request), article_path(self.uuid))

    def serve_preview(self, request: Any, mode_name: str) -> TemplateResponse:
        """The article as readers would see it, in the template that the reader site owns."""
        from cms.documents import preview_document

        context = {"article": preview_document(self), "preview": True}
        return TemplateResponse(request, settings.XINGLIN_PREVIEW_TEMPLATE, context)


class ArticleAuthor(Orderable):
    """One name of a byline, in its order."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="byline")
    contributor = models.ForeignKey(
        Contributor, on_delete=models.PROTECT, related_name="articles", verbose_name=_("contributor")
    )

    panels = [FieldPanel("contributor")]

    class Meta(Orderable.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return str(self.contributor)
