"""Cursor pagination: constant cost at any depth, and no item twice or lost while articles are published.

A cursor is opaque to clients: the position after the last item, signed, so that clients cannot probe other
keys.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.db.models import Q
from django.utils.translation import gettext as _

from api.parameters import Parameters, Text, WholeNumber
from api.problems import FieldError, Problem

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cms.models import PublicationHead

_SALT = "api.pagination"


class PageParameters(Parameters):
    """Which page of a list."""

    limit = WholeNumber(min_value=1, max_value=100, default=20, help_text="How many items to return at most.")
    cursor = Text(
        max_length=300,
        default=None,
        help_text="`next_cursor` of the previous answer. Without it, the list starts at the newest item.",
    )


@dataclass(frozen=True, slots=True)
class Position:
    """The item after which a page starts.

    Of one day, the article with the higher page id comes first: its id never changes, while a sequence does
    whenever the article is recorded again, which would lose it between two pages.
    """

    date: datetime.date
    page_id: int

    def encode(self) -> str:
        """The cursor for clients."""
        return signing.dumps([self.date.isoformat(), self.page_id], salt=_SALT, compress=False)

    @classmethod
    def decode(cls, cursor: str) -> Position:
        """The position in a cursor of ours; Problem `invalid_parameter` for anything else."""
        try:
            date, page_id = signing.loads(cursor, salt=_SALT)
            return cls(datetime.date.fromisoformat(date), int(page_id))
        except (signing.BadSignature, ValueError, TypeError) as error:
            message = _("This cursor is not one of ours. Start the list again.")
            raise Problem(
                "invalid_parameter", errors=(FieldError("cursor", message, "invalid_cursor"),)
            ) from error


def page_of(
    heads: QuerySet[PublicationHead], *, limit: int, cursor: str | None
) -> tuple[list[PublicationHead], str | None]:
    """(at most `limit` heads, newest first, and the next cursor or None). One query."""
    if cursor is not None:
        last = Position.decode(cursor)
        heads = heads.filter(Q(date__lt=last.date) | Q(date=last.date, publication__page_id__lt=last.page_id))
    rows = list(heads.order_by("-date", "-publication__page_id")[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    rows = rows[:limit]
    return rows, Position(rows[-1].date, rows[-1].publication.page_id).encode()
