"""Template tags for our templates in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django import template

from cms.admin_lists import add_tasks_with_status
from cms.audiences import Audience
from cms.models import ArticlePage, ZonePage

register = template.Library()


@register.simple_tag
def audience_of(page: Any) -> Audience | None:
    """The audience that a zone or article has in effect; None for other pages and for pages not saved yet."""
    page = getattr(page, "specific_deferred", page) if getattr(page, "pk", None) else None
    if isinstance(page, ArticlePage):
        return page.effective_audience
    return Audience(page.audience) if isinstance(page, ZonePage) else None


@register.simple_tag
def load_tasks_of(workflow_states: Any) -> str:
    """Load the tasks of all workflows of a list at once, in the place of two queries for each."""
    add_tasks_with_status(workflow_states)
    return ""
