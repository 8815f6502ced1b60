"""The rules that an article must meet to be published, in whatever way. Drafts may break every rule.

The admin's form shows the problems beside their fields (cms.forms); every other way raises PublishRefused
from cms.publishing.record, which rolls the page's change back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.blocks.body import Placed
from cms.blocks.kinds import Gap
from cms.cross_references import references
from cms.documents import Outline
from cms.numbering import Path

if TYPE_CHECKING:
    from cms.models import ArticlePage


@dataclass(frozen=True, slots=True)
class PublishProblem:
    """One broken rule at one place of an article.

    place: for editors, e.g. 第二节 › 图3. code: for programs. path and field: where the form shows it; path
    is the position of the block, () for a field of the page itself.
    """

    place: str
    message: str
    code: str
    path: tuple[int, ...] = ()
    field: str = ""

    def __str__(self) -> str:
        return _("%(place)s: %(message)s") % {"place": self.place, "message": self.message}


class PublishRefused(ValidationError):
    """An article to be published breaks a rule. problems: all of them; messages: with their places."""

    def __init__(self, page: ArticlePage, problems: list[PublishProblem]) -> None:
        self.page = page
        self.problems = problems
        super().__init__([ValidationError(str(problem), code=problem.code) for problem in problems])


def problems(page: ArticlePage) -> list[PublishProblem]:
    """Everything that keeps the article on this object from being published, in document order."""
    return problems_in(Outline(page))


def problems_in(outline: Outline) -> list[PublishProblem]:
    """The same for an article of which the outline exists already."""
    return [*_origin(outline.article), *_body(outline)]


def _origin(page: ArticlePage) -> Iterator[PublishProblem]:
    if page.originality != page.Originality.ORIGINAL and not page.source_organisation.strip():
        yield PublishProblem(
            _("Origin"),
            _("a republished or translated article names the organisation it comes from"),
            "source_missing",
            field="source_organisation",
        )


def _body(outline: Outline) -> Iterator[PublishProblem]:
    if all(one.kind.is_structure for one in outline.placed):
        yield PublishProblem(_("Body"), _("there is no text yet"), "body_empty", field="body")
    duplicates = {duplicate.path for duplicate in outline.numbering.duplicates}
    dead = _dead_references(outline)
    for one in outline.placed:
        gaps = [*one.kind.gaps(one.value)]
        if one.path in duplicates:
            gaps.append(Gap(_("the key “%(key)s” is used twice") % {"key": one.key}, "duplicate_key", "key"))
        for gap in [*gaps, *dead.get(one.path, [])]:
            yield PublishProblem(place_of(one, outline), gap.message, gap.code, one.path, gap.field)


def _dead_references(outline: Outline) -> dict[Path, list[Gap]]:
    """By the path of a block, each reference in its texts that has no target."""
    found: dict[Path, list[Gap]] = {}
    for one, field, text in outline.texts:
        for series, key, token in references(text, outline.words):
            if (series.kind, key) not in outline.numbering.targets:
                message = _("%(token)s refers to nothing in this article") % {"token": token}
                found.setdefault(one.path, []).append(Gap(message, "unknown_reference", field))
    return found


def place_of(one: Placed, outline: Outline) -> str:
    """Where a block stands, in an editor's words: 第二节 › （一）诊断 › 图3."""
    by_path = {other.path: other for other in outline.placed}
    ancestors = [by_path[one.path[:depth]] for depth in range(1, len(one.path) + 1)]
    return " › ".join(_name(ancestor, outline) for ancestor in ancestors)


def _name(one: Placed, outline: Outline) -> str:
    found = outline.numbering.of.get(one.path)
    if found is None:
        label = getattr(one.kind, "label", one.kind.kind)
        return _("block %(position)d (%(label)s)") % {"position": one.path[-1] + 1, "label": label}
    if not one.kind.holds_blocks:
        return found.text
    if one.level == 1:
        return _("Section %(number)s") % {"number": found.text}
    gap = "" if found.text.endswith("）") else " "
    return f"{found.text}{gap}{one.value['heading'] or ''}".strip()
