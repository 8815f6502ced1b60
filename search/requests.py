"""Request and result of a search: frozen, validated once, free of I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from search.errors import (
    EmptyQuery,
    InvalidCharacters,
    InvalidScope,
    InvalidZone,
    PageOutOfRange,
    QueryTooLong,
    SizeOutOfRange,
)

if TYPE_CHECKING:
    from cms.models import PublicationHead
    from search.excerpts import Excerpt

MAX_QUERY_LENGTH = 200
"""Characters. A pasted title or a long question fits; each character costs several clauses in each field."""
MAX_SIZE = 50
MAX_WINDOW = 1000
"""Results that can be paged through, as deep paging costs the engine the whole window on each page."""

_ACCESS_KEY = re.compile(r"[0-9]{1,19}:(?:public|registered|hcp)")
_SLUG = re.compile(r"[-\w]{1,255}")


def _is_text(value: str) -> bool:
    """No NUL and no lone surrogate: neither can be stored, encoded or indexed."""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One reader's search. `scope` holds the access keys (`"<zone id>:<audience>"`) they may read; text
    behind any other key takes no part in matching, counting, ranking or excerpts.

    Raises a subclass of `InvalidSearch` (a ValueError with `.code`, `.field` and `.message`).
    """

    query: str
    scope: frozenset[str] = frozenset()
    zone: str | None = None
    page: int = 1
    size: int = 10

    def __post_init__(self) -> None:
        if len(self.query) > MAX_QUERY_LENGTH:
            raise QueryTooLong
        if not _is_text(self.query):
            raise InvalidCharacters
        if not self.query.strip():
            raise EmptyQuery
        if self.zone is not None and not (_SLUG.fullmatch(self.zone) and _is_text(self.zone)):
            raise InvalidZone
        if not 1 <= self.size <= MAX_SIZE:
            raise SizeOutOfRange
        if not 1 <= self.page <= MAX_WINDOW or self.page * self.size > MAX_WINDOW:
            raise PageOutOfRange
        if not all(_ACCESS_KEY.fullmatch(key) for key in self.scope):
            raise InvalidScope

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One article, checked against the ledger. `head.publication` is loaded; `readable` says whether the
    scope opens the whole article; the excerpt comes from what this reader may see and from nothing else."""

    article_id: UUID
    sequence: int
    readable: bool
    head: PublicationHead
    title: Excerpt
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`total` counts every match of this reader's search, not only those on this page."""

    hits: tuple[SearchHit, ...]
    total: int
    page: int
    size: int
