"""Warnings in the admin when background work has stopped: on the start page and in late articles."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms import background
from cms.models import ArticlePage

WHAT_STOPS: dict[str, str | Promise] = {
    background.SCHEDULE: gettext_lazy("all scheduled work"),
    "mail": gettext_lazy("mails"),
    "search": gettext_lazy("updates of the search index"),
    "publish": gettext_lazy("scheduled publishing"),
    "webhooks": gettext_lazy("webhooks"),
    "registers": gettext_lazy("questions to registers"),
    "upkeep": gettext_lazy("reminders, erasure and retention"),
    "default": gettext_lazy("deletion of replaced files"),
}


class StandstillPanel(Component):
    """For users who may publish: what stopped, since when, and which articles are overdue."""

    template_name = "cms/admin/standstill.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        found = background.standstill()
        return {
            "standstill": found,
            "stopped": _(", ").join(str(WHAT_STOPS.get(part, part)) for part in found.parts) if found else "",
            "overdue": list(background.overdue_articles()[:20]),
        }


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Receiver of Wagtail's hook construct_homepage_panels."""
    if PagePermissionPolicy(Page).user_has_permission(request.user, "publish"):
        panels.append(StandstillPanel())


def warn_of_late_article(request: HttpRequest, page: ArticlePage) -> None:
    """Add a message to the editor of an article that is overdue."""
    late = background.overdue_revision(page)
    if late is None:
        return
    when = date_format(timezone.localtime(late.approved_go_live_at), "DATETIME_FORMAT")
    if background.standstill():
        text = _(
            "This article should be live since %(when)s. Background work has stopped, so it is not published."
        )
    else:
        text = _(
            "This article should be live since %(when)s and is not yet. Publishing it failed or is late."
        )
    messages.error(request, text % {"when": when})
