"""Xinglin's part of Wagtail's admin: contributors, the ledger's summary, entries of the page history."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms import admin_api, admin_lists, scheduling, selectors, standstill  # noqa: F401 - registers the API of files
from cms import moves as _moves  # noqa: F401 - names the readers of what is moved
from cms.models import ArticlePage, Contributor


class ContributorViewSet(SnippetViewSet):
    model = Contributor
    icon = "user"
    add_to_admin_menu = True
    menu_label = _("Contributors")
    menu_order = 250
    list_display = ["name", "title", "affiliation", "kind"]
    list_filter = ["kind"]
    ordering = ["name"]


register_snippet(ContributorViewSet)


class PublishedArticlesSummary(SummaryItem):
    """The number of published articles, and of drafts that wait."""

    order = 50
    template_name = "cms/admin/summary.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "published": selectors.live_heads().count(),
            "drafts": ArticlePage.objects.filter(has_unpublished_changes=True).count(),
        }


@hooks.register("construct_homepage_summary_items", order=1000)
def summary(request: Any, items: list[SummaryItem]) -> None:
    items[:] = [item for item in items if not isinstance(item, DocumentsSummaryItem)]
    items.append(PublishedArticlesSummary(request))


@hooks.register("construct_main_menu")
def hide_documents(request: Any, menu_items: list[Any]) -> None:
    # Files for readers would bypass the gate; articles hold text and figures.
    menu_items[:] = [item for item in menu_items if item.name != "documents"]


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("cms/css/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_js() -> str:
    return format_html('<script src="{}" defer></script>', versioned_static("cms/js/text-language.js"))


@hooks.register("before_edit_page")
def report_failed_schedule(request: Any, page: Any) -> None:
    if request.method == "GET" and isinstance(page, ArticlePage):
        for problem in scheduling.last_refusal(page):
            messages.warning(request, _("Not published on schedule: %(problem)s") % {"problem": problem})


hooks.register("construct_homepage_panels", standstill.add_panel)


@hooks.register("construct_homepage_panels")
def load_panels_at_once(request: Any, panels: list[Any]) -> None:
    panels[:] = [admin_lists.in_place_of(panel) for panel in panels]


@hooks.register("before_edit_page")
def warn_of_late_article(request: Any, page: Any) -> None:
    if request.method == "GET" and isinstance(page, ArticlePage):
        standstill.warn_of_late_article(request, page)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    @actions.register_action(scheduling.REFUSED)
    class PublishRefusedFormatter(LogFormatter):
        label = _("Refuse scheduled publishing")

        def format_message(self, log_entry: Any) -> str:
            found = "; ".join(log_entry.data.get("problems", []))
            return str(_("Not published on schedule: %(problem)s") % {"problem": found})
