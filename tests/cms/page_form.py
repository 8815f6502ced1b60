"""What a browser posts from the edit form of an article."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import ListBlock, StreamBlock, StructBlock
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from cms.models import ArticlePage


def post_data(page: ArticlePage, **changes: Any) -> dict[str, Any]:
    """The fields of the form, unchanged but for `changes`. Add the button: {"action-publish": "1"}."""
    fields = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "date": page.date.isoformat(),
        "originality": page.originality,
        "source_organisation": page.source_organisation,
        "source_url": page.source_url,
        "source_permission": page.source_permission,
        "audience": page.audience,
        "body": block_data(page.body.stream_block, page.body),
        "byline": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data(fields | changes)


def block_data(block: Any, value: Any, identity: str = "") -> Any:
    if isinstance(block, StreamBlock):
        return _sequence(
            [(child.block_type, block_data(child.block, child.value), child.id) for child in value]
        )
    if isinstance(block, ListBlock):
        items = [(None, block_data(block.child_block, child.value), child.id) for child in value.bound_blocks]
        return _sequence(items)
    if isinstance(block, StructBlock):
        fields = {name: block_data(child, value[name]) for name, child in block.child_blocks.items()}
        return {name: field for name, field in fields.items() if field is not None}
    form_value = block.value_for_form(value) if hasattr(block, "value_for_form") else value
    if hasattr(value, "source"):
        return rich_text(value.source, editor="default", features=block.features)
    if value is False or value is None:
        return None
    return getattr(value, "pk", form_value)


def _sequence(children: list[tuple[str | None, Any, str]]) -> dict[str, Any]:
    made: dict[str, Any] = {"count": len(children)}
    for index, (kind, value, identity) in enumerate(children):
        made[str(index)] = {
            "value": "" if value is None else value,
            "order": index,
            "deleted": "",
            "id": identity,
        }
        if kind:
            made[str(index)]["type"] = kind
    return made
