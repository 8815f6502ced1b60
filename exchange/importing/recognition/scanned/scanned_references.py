"""Reads lists of literature in scanned papers; destroyed numbers follow from their neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from exchange.importing.notes import Note
from exchange.importing.pieces import Heading, Line, Piece, Text, join
from exchange.importing.recognition.references import CITES, is_title, placed

# [1] ［1］ [1」 [I] [23.J (a bracket that became a J)
_ENTRY = re.compile(
    r"^\s{,20}[\[［〔【]\s{,20}([\dIlOo]{0,3})\s{,20}[.．]?\s{,20}[\]］」〕】)）J]\s{,20}[.．、]?\s{,20}(?=\S)"
)
_HALF = re.compile(r"^\s{,20}[^\w\s\[［]{0,2}\s{,20}(\d{0,3})\s{,20}[\]］」]\s{,20}(?=\S)")
_DOTTED = re.compile(r"^\s{,20}(\d{1,3})\s{,20}[.．、)）]\s{,20}(?=\D)")
_INSIDE = re.compile(r"(?<=\S)\s{,20}[\[［](\d{1,3})[\]］」]\s{,20}(?=[^\s\d])")
_FOREIGN = re.compile(
    r"^\s{,20}[(（【]|^[\u4e00-\u9fff]{2,4}\s{,20}[:：]|^(?:收稿|修回|作者简介|通讯作者|编辑|责任编辑|基金)"
)
_MISREAD = str.maketrans("IlOo", "1100")
# A longer jump is a misread number, not a loss.
_FURTHEST = 12


@dataclass
class _Entry:
    """`number` as written, 0 where unreadable; an entry without a mark may continue the one before."""

    number: int
    text: str
    marked: bool = True


@dataclass
class _List:
    entries: list[_Entry] = field(default_factory=list)

    def numbered(self) -> dict[int, str]:
        """Entries by true number: the written one where it fits between its neighbours, else the next."""
        found: dict[int, str] = {}
        last = 0
        entries = self._apart()
        for index, entry in enumerate(entries):
            following = next((e.number for e in entries[index + 1 :] if e.number), 0)
            if not entry.marked and found and (not following or following <= last + 1):
                found[last] = join([found[last], entry.text])
                continue
            fits = last < entry.number <= last + _FURTHEST and not (following and following <= entry.number)
            last = entry.number if fits else last + 1
            found[last] = entry.text
        return found

    def _apart(self) -> list[_Entry]:
        """Entries glued into one line are split where exactly the next number stands in brackets."""
        apart: list[_Entry] = []
        for entry in self.entries:
            apart.append(entry)
            while apart[-1].number and (cut := _next_inside(apart[-1])):
                whole = apart.pop()
                apart.append(_Entry(whole.number, whole.text[: cut.start()].strip()))
                apart.append(_Entry(int(cut[1]), whole.text[cut.end() :].strip()))
        return apart


def _next_inside(entry: _Entry) -> re.Match[str] | None:
    return next(
        (m for m in _INSIDE.finditer(entry.text) if int(m[1]) == entry.number + 1 and m.start()), None
    )


def place(pieces: list[Piece], *, missing: str) -> tuple[list[Piece], list[Note]]:
    """Replace each announced list by a References block. `missing` is the text of a skipped number."""
    out: list[Piece] = []
    notes: list[Note] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        first = _announced(piece)
        at += 1
        if first is None:
            out.append(piece)
            continue
        found, foreign, following = _collect(pieces, at, first)
        if not found.entries:
            out.append(piece)
            continue
        at = following
        block, absent = placed(found.numbered(), piece.line, missing)
        out.append(block)
        notes += absent
        if foreign:
            out.append(Text(tuple(foreign)))
    return out, notes


def _announced(piece: Piece) -> list[Line] | None:
    """The lines after the title in its own piece, when the piece announces a list."""
    if isinstance(piece, Heading) and is_title(piece.text):
        return []
    if isinstance(piece, Text) and is_title(piece.lines[0].text):
        return list(piece.lines[1:])
    return None


def _collect(pieces: list[Piece], at: int, first: list[Line]) -> tuple[_List, list[Line], int]:
    """Read entries until something else begins. Returns the list, foreign lines, and the index after it."""
    found = _List()
    foreign = _lines(first, found)
    while at < len(pieces) and not foreign:
        piece = pieces[at]
        if not isinstance(piece, Text) or is_title(piece.text):
            break
        if not _begins(piece.lines[0].text, found) and not _continues(piece, found):
            break
        foreign = _lines(list(piece.lines), found)
        at += 1
    return found, foreign, at


def _lines(lines: list[Line], found: _List) -> list[Line]:
    """Add lines to the list; return those from the first foreign one on."""
    for index, line in enumerate(lines):
        text = line.text.strip()
        begins = _begins(text, found)
        if begins:
            digits = begins[1].translate(_MISREAD)
            found.entries.append(_Entry(int(digits) if digits else 0, text[begins.end() :]))
        elif _FOREIGN.match(text):
            return lines[index:]
        elif CITES.search(text) and (not found.entries or found.entries[-1].text.rstrip()[-1:] in ".．。"):
            found.entries.append(_Entry(0, text, marked=False))
        elif found.entries:
            found.entries[-1].text = join([found.entries[-1].text, text])
        else:
            return lines[index:]
    return []


def _begins(text: str, found: _List) -> re.Match[str] | None:
    match = _ENTRY.match(text) or _HALF.match(text)
    if match is None and (dotted := _DOTTED.match(text)):
        last = found.entries[-1].number if found.entries else 0
        return dotted if int(dotted[1]) == last + 1 else None
    return match


def _continues(piece: Text, found: _List) -> bool:
    """A paragraph that continues the last entry, or begins a list whose first numbers are destroyed."""
    text = piece.lines[0].text
    if _FOREIGN.match(text):
        return False
    if not found.entries:
        return bool(CITES.search(text)) and (
            len(piece.lines) == 1 or any(_ENTRY.match(line.text) for line in piece.lines)
        )
    return not found.entries[-1].text.rstrip().endswith((".", "．", "。")) or len(text) < 12
