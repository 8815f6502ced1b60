"""Rich text of agreements as readers get it: Wagtail's stored form expanded, then cleaned."""

from __future__ import annotations

import nh3
from wagtail.rich_text import expand_db_html

TAGS = {"p", "b", "strong", "i", "em", "a", "ol", "ul", "li", "br", "h3"}


def shown_html(source: str) -> str:
    """The exact HTML that is hashed and shown; nothing in it runs or loads."""
    return nh3.clean(
        expand_db_html(source or ""),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def is_blank(html: str) -> bool:
    """True when no text would be shown."""
    return not nh3.clean(html, tags=set()).strip()
