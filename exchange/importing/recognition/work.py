"""The state that recognisers share: the pieces of one file, and what has been recognised so far."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from exchange.importing.draft import Author, Block, DraftArticle, Originality
from exchange.importing.notes import Note
from exchange.importing.pieces import Piece
from exchange.importing.recognition import captions
from exchange.importing.recognition.captions import CaptionReader, Kind
from exchange.importing.recognition.labels import is_chinese
from exchange.importing.recognition.numbering import NumberReader


@dataclass(frozen=True, slots=True)
class Words:
    """Placeholders for what the source lacks, in the language of the article."""

    no_caption: str = "(no caption in the source file)"
    no_table: str = "(this table is not in the source file)"
    no_reference: str = "(missing in the source file)"


@dataclass(frozen=True, slots=True)
class Readers:
    """Functions that read single lines. Scanned papers have their own, for the errors of scans."""

    caption: CaptionReader = captions.read
    table_note: re.Pattern[str] = captions.TABLE_NOTE
    numbers: Callable[[], NumberReader] = NumberReader


@dataclass
class Work:
    """One file while it is recognised.

    Recognisers take pieces away or replace them by `Placed` blocks, and set fields; what is set stays.
    scanned: True and False decide whether the file is read as a scanned paper, None leaves it to a test.
    """

    pieces: list[Piece]
    form: str
    source: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    has_picture: Callable[[str], bool] = lambda path: False
    scanned: bool | None = None
    readers: Readers = field(default_factory=Readers)
    front_read: bool = False  # the title page was read by a recogniser of its own
    title: str = ""
    summary: str = ""
    date: dt.date | None = None
    byline: tuple[Author, ...] = ()
    originality: Originality | None = None
    organisation: str = ""
    url: str = ""
    keys: dict[tuple[Kind, int], str] = field(default_factory=dict)
    body: tuple[Block, ...] = ()
    notes: list[Note] = field(default_factory=list)

    @property
    def english(self) -> bool:
        """Whether the article's title is in Latin letters."""
        return bool(self.title) and not is_chinese(self.title)

    def draft(self) -> DraftArticle:
        return DraftArticle(
            self.title,
            self.summary,
            self.date,
            self.byline,
            self.originality,
            self.organisation,
            self.url,
            self.body,
            tuple(self.notes),
        )
