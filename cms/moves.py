"""Moving an article can change its audience: the admin shows both audiences before, and the new one after.

An article takes its zone's audience where that is narrower than its own, so that moving it into an open zone
opens it to everyone.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from cms.audiences import Audience, strictest
from cms.models import ArticlePage, ZonePage


def audience_under(article: ArticlePage, destination: Page) -> Audience:
    """The audience that the article would have below `destination`; without a zone the narrowest."""
    zones = ZonePage.objects.ancestor_of(destination, inclusive=True)
    zone = zones.order_by("-depth").first()
    return Audience.HCP if zone is None else strictest(zone.audience, article.audience or zone.audience)


@hooks.register("before_move_page")
def show_future_audience(request: HttpRequest, page: Page, destination: Page) -> None:
    """Add the audiences to the page that asks for confirmation."""
    if request.method != "GET" or not isinstance(page, ArticlePage):
        return
    now, then = page.effective_audience, audience_under(page, destination)
    if now == then:
        return
    words = {"now": now.label, "then": then.label}
    if then.strictness < now.strictness:
        text = _("This move opens the article. Now for: %(now)s. Then for: %(then)s.")
        messages.error(request, text % words)
    else:
        text = _("This move closes the article. Now for: %(now)s. Then for: %(then)s.")
        messages.warning(request, text % words)


@hooks.register("after_move_page")
def show_audience(request: HttpRequest, page: Page) -> None:
    _show([page], request)


@hooks.register("after_bulk_action")
def show_audiences(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Bulk moves have no step that names the destination first, so the message follows the move."""
    if action_type == "move":
        _show(objects, request)


def _show(pages: list[Any], request: HttpRequest) -> None:
    moved = ArticlePage.objects.filter(pk__in=[page.pk for page in pages if isinstance(page, Page)])
    for audience, count in sorted(Counter(article.effective_audience for article in moved).items()):
        text = ngettext(
            "%(n)s moved article is now for: %(audience)s.",
            "%(n)s moved articles are now for: %(audience)s.",
            count,
        )
        messages.warning(request, text % {"n": count, "audience": audience.label})
