"""Template tags for the site's own facts, in pages, mails and the admin."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from cms.site_profile import SiteFacts, facts_of

register = template.Library()


@register.simple_tag(takes_context=True)
def own_site(context: dict[str, Any]) -> SiteFacts:
    """Name, mark, colours, contacts and legal numbers; read once for each request."""
    return facts_of(context.get("request"))


@register.simple_tag(takes_context=True)
def own_mark(context: dict[str, Any]) -> str:
    """The address of the mark that was chosen for the site; empty without one."""
    facts = facts_of(context.get("request"))
    return f"{settings.XINGLIN_MARK_PATH}?v={facts.version}" if facts.logo is not None else ""
