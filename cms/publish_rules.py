"""What publishing demands of an article. Drafts may break every rule; no way of publishing may.

The admin's form shows the problems beside their fields (cms.forms); every other way raises PublishRefused
from cms.publishing.record, which takes the page's change back with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.blocks.figures import rights_of
from cms.blocks.sections import Placed
from cms.blocks.text import source_of
from cms.cross_references import references
from cms.documents import Outline

if TYPE_CHECKING:
    from cms.models import ArticlePage


@dataclass(frozen=True, slots=True)
class PublishProblem:
    """place: for people, e.g. 第二节 › 图3. code: for programs. path and field: where the form shows it;
    path is the position of the block, () for a field of the page itself."""

    place: str
    message: str
    code: str
    path: tuple[int, ...] = ()
    field: str = ""

    def __str__(self) -> str:
        return _("%(place)s: %(message)s") % {"place": self.place, "message": self.message}


class PublishRefused(ValidationError):
    """An article that may not be published was to be. problems: all of them; messages: with their places."""

    def __init__(self, page: ArticlePage, problems: list[PublishProblem]) -> None:
        self.page = page
        self.problems = problems
        super().__init__([ValidationError(str(problem), code=problem.code) for problem in problems])


def problems(page: ArticlePage) -> list[PublishProblem]:
    """Everything that keeps the article on this object from being published, in document order."""
    outline = Outline(page)
    return [*_origin(page), *_body(outline)]


def _origin(page: ArticlePage) -> Iterator[PublishProblem]:
    if page.originality != page.Originality.ORIGINAL and not page.source_organisation.strip():
        yield PublishProblem(
            _("Origin"),
            _("a republished or translated article names the organisation it comes from"),
            "source_missing",
            field="source_organisation",
        )


def _body(outline: Outline) -> Iterator[PublishProblem]:
    if not any(one.type not in ("gate_line", "section") for one in outline.placed):
        yield PublishProblem(_("Body"), _("there is no text yet"), "body_empty", field="body")
    for one in outline.placed:
        place = place_of(one, outline)
        for message, code, field in _of_block(one, outline):
            yield PublishProblem(place, message, code, one.path, field)


def _of_block(one: Placed, outline: Outline) -> Iterator[tuple[str, str, str]]:
    if one.type == "section" and not (one.value["heading"] or "").strip():
        yield _("the heading is missing"), "heading_missing", "heading"
    if one.type == "figure":
        yield from _figure(one.value)
    if one.type == "table" and not any(
        cell for row in (one.value["grid"] or {}).get("data") or [] for cell in row
    ):
        yield _("the table is empty"), "table_empty", "grid"
    if any(one.path == duplicate.path for duplicate in outline.numbering.duplicates):
        yield _("the key “%(key)s” is used twice") % {"key": one.value["key"]}, "duplicate_key", "key"
    for field, text in _texts(one):
        for kind, key, token in references(text):
            if (kind, key) not in outline.numbering.targets:
                yield (
                    _("%(token)s refers to nothing in this article") % {"token": token},
                    "unknown_reference",
                    field,
                )


def _figure(value: Any) -> Iterator[tuple[str, str, str]]:
    rights = rights_of(value)
    if not rights["alt"].strip():
        yield _("the alternative text is missing"), "figure_alt_missing", "alt"
    if not rights["source"].strip():
        yield _("the source is missing"), "figure_source_missing", "source"
    if not rights["licence"].strip():
        yield _("the licence is missing"), "figure_licence_missing", "licence"
    if value["image"] is None and not value["missing"]:
        yield _("the picture is missing, and not marked as not available"), "figure_image_missing", "image"


def _texts(one: Placed) -> Iterator[tuple[str, str]]:
    """(field, text) of everything in a block that may refer to a figure or table."""
    value = one.value
    if one.type == "paragraph":
        yield "", source_of(value)
    elif one.type == "steps":
        for step in value:
            yield "", f"{step['title'] or ''} {source_of(step['text'])}"
    elif one.type == "key_points":
        yield from (("", point or "") for point in value)
    elif one.type == "callout":
        yield "title", value["title"] or ""
        yield "text", source_of(value["text"])
    elif one.type == "section":
        yield "heading", value["heading"] or ""
    elif one.type == "figure":
        yield "caption", value["caption"] or ""
    elif one.type == "table":
        yield "caption", value["caption"] or ""
        yield "note", value["note"] or ""
        cells = ((value["grid"] or {}).get("data")) or []
        yield "grid", " ".join(str(cell) for row in cells for cell in row if cell)


def place_of(one: Placed, outline: Outline) -> str:
    """Where a block stands, as an editor would say it: 第二节 › （一）诊断 › 图3."""
    by_path = {other.path: other for other in outline.placed}
    ancestors = [by_path[one.path[:depth]] for depth in range(1, len(one.path) + 1)]
    return " › ".join(_name(ancestor, outline) for ancestor in ancestors)


def _name(one: Placed, outline: Outline) -> str:
    found = outline.numbering.of.get(one.path)
    if found is None:
        return _("block %(position)d (%(label)s)") % {"position": one.path[-1] + 1, "label": one.block.label}
    if one.type != "section":
        return found.text
    if one.level == 1:
        return _("Section %(number)s") % {"number": found.text}
    gap = "" if found.text.endswith("）") else " "
    return f"{found.text}{gap}{one.value['heading'] or ''}".strip()
