"""Renders the blocks of an article's body: one template per type, in templates/frontend_templates/blocks/."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from cms.blocks.registry import kinds

register = template.Library()


def template_of(kind: str) -> str:
    """The template of a kind of block; it has the kind's name."""
    return f"frontend_templates/blocks/{kind}.html"


@register.simple_tag
def blocks(body: list[dict[str, Any]], article: dict[str, Any]) -> SafeString:
    """The blocks as HTML, in order. `article` is the document they belong to.

    An unknown type is left out, so that an older site renders a newer ledger.
    """
    return mark_safe("".join(_rendered(block, article) for block in body))  # noqa: S308 - made of templates


def _rendered(block: dict[str, Any], article: dict[str, Any]) -> str:
    if block["type"] not in kinds():
        return ""
    # The title is h1: a section of level 1 is h2.
    context = {"block": block, "article": article, "tag": f"h{block.get('level', 1) + 1}"}
    return get_template(template_of(block["type"])).render(context)
