"""Recognises scanned papers: title pages, literature and numbers with the errors of text recognition.

Optional.

This recogniser is closed: it covers the errors of scans in general (numbers glued to words, broken brackets,
names and affiliations in one line) and gets nothing added for the sake of one paper. What an editor writes
by hand is for the other recognisers (docs/adr/0034-scanned-papers-apart.md).
"""

from __future__ import annotations

import html
import re

from exchange.importing.pieces import text_of
from exchange.importing.recognition.scanned import readers, scanned_references, title_page
from exchange.importing.recognition.work import Readers, Work

READERS = Readers(readers.caption, readers.TABLE_NOTE, readers.GluedNumberReader)
# Signs that only text recognition leaves: digits of a formula set apart ($6 0 . 5$), headings of one level
# whose number is glued to the title, the wrapper of a page around each table.
_SIGNS = re.compile(
    r"\$[^$\n]{0,60}?\d (?:\d|[.．] \d)[^$\n]{0,200}\$|"
    r"^# \d{1,2}(?:\.\d{1,2}){,2}[\u4e00-\u9fff]|<html><body><table",
    re.MULTILINE,
)
_FEWEST_SIGNS = 3


def recognise(work: Work) -> None:
    """Read a scanned paper's title page and literature, and set readers for the errors of scans."""
    if work.form != "markdown" or not (is_scanned(work.source) if work.scanned is None else work.scanned):
        return
    work.readers = READERS
    pieces, lists = scanned_references.place(work.pieces, missing=work.words.no_reference)
    page = title_page.read(pieces)
    work.front_read = True
    work.pieces = page.rest
    work.summary = work.summary or page.summary
    work.byline = work.byline or page.byline
    work.notes += [*page.notes, *lists]
    if work.title and page.title and work.title != page.title:
        work.pieces = [text_of(0, page.title, html.escape(page.title, quote=False)), *work.pieces]
    work.title = work.title or page.title


def is_scanned(source: str) -> bool:
    """Whether a Markdown text came out of text recognition."""
    return len(_SIGNS.findall(source)) >= _FEWEST_SIGNS
