"""Recognises labelled summaries (摘要, 导语, 编者按, Abstract …): the article's summary, and a callout.

Everyone may read a summary, also readers without access to the rest: no other text becomes one.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from exchange.importing.draft import Callout
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Heading, Markup, Piece, Placed, Text
from exchange.importing.recognition import credit_lines
from exchange.importing.recognition.labels import (
    ABSTRACT,
    ABSTRACT_INSIDE,
    KEYWORDS,
    PARTICULARS,
    STRUCTURE,
    SUMMARY,
    is_chinese,
    shortened,
)
from exchange.importing.recognition.work import Work

_FAR = 9  # a summary begins among so many pieces, and has at most so many
_LONGEST_TITLE = 120
_BOLD = re.compile(r"^<b>([^<>]{1,40})</b>\s{,20}[:：|｜]?\s{,20}")
# An abstract in the middle: the file may hold the beginning of the next article.
_SECOND = re.compile(r"^[【\[\s]{,5}摘\s{,20}要[】\]\s]{,5}[:：]")


def recognise(work: Work) -> None:
    """Take every summary above the text, and those of a translated title page in it."""
    if not work.front_read:
        _take_all(work)
        if is_chinese(work.title):
            work.pieces = translated(work.pieces)
    second = next((p for p in work.pieces if isinstance(p, Text) and _SECOND.match(p.text)), None)
    if second:
        work.notes.append(Note(NoteKind.SECOND_ARTICLE, second.text[:80], second.line))


def _take_all(work: Work) -> None:
    """The first is the article's summary; each becomes a callout where it stands."""
    at = 0
    while at < min(len(work.pieces), _FAR):
        piece = work.pieces[at]
        found = _labelled(piece) if isinstance(piece, Heading | Text) else None
        if isinstance(piece, Heading) and not (found and not found.text):
            return
        if found and (taken := _take(work.pieces[at:], found)):
            work.summary = work.summary or taken.summary
            work.notes += taken.notes
            work.pieces[at:] = [taken.callout, *taken.rest]
        at += 1


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A paragraph's label, and the paragraph without it."""

    label: str
    text: str
    html: str


def _labelled(piece: Heading | Text) -> _Labelled | None:
    """`摘要：…`, `【导语】…`, `Abstract` alone, and a bold label, which needs no sign after it."""
    if found := SUMMARY.match(piece.text):
        return _Labelled(found[1], piece.text[found.end() :], without_label(piece.html, SUMMARY))
    bold = _BOLD.match(piece.html)
    if bold and (found := SUMMARY.match(bold[1].strip())):
        rest = piece.html[bold.end() :]
        return _Labelled(found[1], html.unescape(re.sub(r"<[^<>]+>", "", rest)), rest)
    return None


@dataclass
class Abstract:
    """What was taken: the callout for the body, the summary for the article, and the pieces after it."""

    summary: str
    callout: Placed
    rest: list[Piece]
    notes: list[Note] = field(default_factory=list)


def _take(pieces: list[Piece], found: _Labelled) -> Abstract | None:
    """Take the summary that the first piece begins; None where the label has no text."""
    end = _end(pieces, whole=isinstance(pieces[0], Heading), begun=bool(found.text))
    summary = Summary(found.label, pieces[0].line)
    summary.add(found.text, found.html, pieces[0].line)
    for piece in pieces[1:end]:
        if isinstance(piece, Heading | Text | Markup):
            summary.add(piece.text, piece.html, piece.line)
    return Abstract(summary.text, summary.callout, pieces[end:], summary.notes) if summary.sentences else None


def _end(pieces: list[Piece], *, whole: bool, begun: bool) -> int:
    """The index after a summary. whole: its label is a heading, so it goes on to the next one."""
    for index, piece in enumerate(pieces[1:], 1):
        if not isinstance(piece, Text | Markup) or (isinstance(piece, Text) and _is_credit(piece)):
            return index
        if KEYWORDS.match(piece.text) or PARTICULARS.match(piece.text):
            continue
        labelled = isinstance(piece, Text) and _labelled(piece)
        if labelled or (not whole and begun and not STRUCTURE.match(piece.text)):
            return index
        begun = True
    return len(pieces)


def _is_credit(piece: Text) -> bool:
    found = credit_lines.read(piece.lines[0].text)
    return found is not None and not found.rest


class Summary:
    """Collects a summary: `text` for the field, `callout` for the body."""

    def __init__(self, title: str, line: int) -> None:
        self.title = "".join(title.split()) if is_chinese(title) else title
        self.line = line
        self.paragraphs: list[str] = []
        self.sentences: list[str] = []
        self.notes: list[Note] = []

    def add(self, text: str, markup: str, line: int) -> None:
        """Add a paragraph, or a list as ready HTML, of a line of the file."""
        if KEYWORDS.match(text):
            self.notes.append(Note(NoteKind.KEYWORDS, text[:120], line))
        elif not PARTICULARS.match(text) and text.strip():
            self.sentences.append(text)
        if text.strip():
            ready = markup.startswith(("<ul>", "<ol>", "<p>"))
            self.paragraphs.append(markup if ready else f"<p>{markup}</p>")

    @property
    def text(self) -> str:
        return shortened(" ".join(self.sentences))

    @property
    def callout(self) -> Placed:
        return Placed(self.line, Callout(self.title, "".join(self.paragraphs)))


def without_label(markup: str, label: re.Pattern[str]) -> str:
    """HTML without the label that its text begins with, which may be bold."""
    bold = _BOLD.match(markup)
    if bold and (found := label.match(bold[1])) and found.end() == len(bold[1]):
        return markup[bold.end() :]
    return label.sub("", markup)


def translated(pieces: list[Piece]) -> list[Piece]:
    """Make a callout of each run of foreign text with an abstract or keywords in it, in a Chinese article."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and _is_foreign(pieces[end]):
            end += 1
        run = [piece for piece in pieces[at:end] if isinstance(piece, Text | Heading)]
        if any(
            ABSTRACT.match(p.text) or KEYWORDS.match(p.text) or ABSTRACT_INSIDE.search(p.text) for p in run
        ):
            out.append(_callout(run))
        else:
            end = max(end, at + 1)
            out += pieces[at:end]
        at = end
    return out


def _is_foreign(piece: Piece) -> bool:
    if not isinstance(piece, Text | Heading) or is_chinese(piece.text):
        return False
    return len(re.findall(r"[A-Za-z]", piece.text)) >= 6 and not re.search(r"[\u4e00-\u9fff]{4}", piece.text)


def _callout(run: list[Text | Heading]) -> Placed:
    first = run[0]
    title, rest = "Abstract", run
    can_be_title = len(first.text) <= _LONGEST_TITLE and not ABSTRACT.match(first.text)
    if can_be_title and (isinstance(first, Heading) or len(run) > 1):
        title, rest = first.text, run[1:]
    return Placed(first.line, Callout(title, "".join(f"<p>{piece.html}</p>" for piece in rest)))
