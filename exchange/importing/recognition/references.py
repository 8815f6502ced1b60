"""Recognises lists of literature: `参考文献`, `参考资料`, `References` and their entries, with DOI and link.

Entries begin with `[1]`, `1.`, `1、`, `(1)` or `①`, are items of a Markdown list, or lines that each cite
something. The CMS numbers references by their order, and the text cites them by number, so a number that the
source skips gets a placeholder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from exchange.importing.draft import Reference, References
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Heading, Line, Markup, Piece, Placed, Text, join
from exchange.importing.recognition import credit_lines
from exchange.importing.recognition.labels import alternatives
from exchange.importing.recognition.work import Work

_LABELS = """
参考文献 参考资料 参考来源 参考书目 引用文献 文献来源
Reference References References_and_notes Selected_references Bibliography Sources Literature_cited
"""
_LABEL = rf"[【\[▎■]?\s{{,20}}(?:主要|部分|附)?\s{{,20}}(?:{alternatives(_LABELS)})\s{{,20}}[】\]]?"
_TITLE = re.compile(rf"^{_LABEL}\s{{,20}}[:：]?\s{{,20}}$")
# The label and the first entry in one line.
_TITLE_BEFORE = re.compile(rf"^{_LABEL}\s{{,20}}[:：]\s{{,20}}(?=\S)")
_LONGEST_TITLE = 30
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ENTRY = re.compile(
    rf"^\s{{,20}}(?:[\[［【〔]\s{{,4}}(\d{{1,3}})\s{{,4}}[\]］】〕]|[(（]\s{{,4}}(\d{{1,3}})\s{{,4}}[)）]|(\d{{1,3}})\s{{,4}}[.．、)）](?!\d)|([{_CIRCLED}])|(\d{{1,3}})(?=\s))\s{{,4}}[.．、]?\s{{,20}}(?=\S)"
)
_INSIDE = re.compile(rf"(?<=[\s.。;；])(?:[\[［](\d{{1,3}})[\]］]|([{_CIRCLED}]))\s{{,4}}(?=\S)")
CITES = re.compile(
    r"\[[JMDCPRSNOZ]\b|[\[［][JMDCPRSN][\]］」]|(?:19|20)\d\d\s{,20}[,，;；:：(（]|\bet\s?al\b|doi",
    re.IGNORECASE,
)
"""Parts that references contain and sentences hardly ever do."""
_CITES_LOOSELY = re.compile(r"https?://|《[^》]{2,60}》|(?:19|20)\d\d", re.IGNORECASE)
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s,，;；\"'<>\]】）]+)")
_PMID = re.compile(r"\bPMID\s{,20}[:：]?\s{,20}(\d{4,9})\b", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s,，;；\"'<>()（）\u4e00-\u9fff]+")
_FURTHEST = 12


def recognise(work: Work) -> None:
    """Replace each announced list by a References block."""
    if work.front_read:  # with its title page, a scanned paper's literature was read
        return
    out: list[Piece] = []
    at = 0
    while at < len(work.pieces):
        piece = work.pieces[at]
        at += 1
        first = _announced(piece)
        if first is None:
            out.append(piece)
            continue
        found = _List()
        left = _lines(first, found)
        if not left:
            left, at = _collect(work.pieces, at, found)
        if not found.entries:
            out.append(piece)
            continue
        block, notes = placed(found.entries, piece.line, work.words.no_reference)
        out.append(block)
        work.notes += notes
        if left:
            out.append(Text(tuple(left)))
    work.pieces = out


def is_title(text: str) -> bool:
    """Whether a line announces a list of literature."""
    return len(text) <= _LONGEST_TITLE and bool(_TITLE.match(text.strip()))


def placed(entries: dict[int, str], line: int, missing: str) -> tuple[Placed, list[Note]]:
    """The block of entries by number. `missing` is the text of a number that the source skips."""
    top = max(entries)
    absent = ", ".join(f"[{number}]" for number in range(1, top + 1) if number not in entries)
    block = References(tuple(reference(entries.get(number, missing)) for number in range(1, top + 1)))
    return Placed(line, block), [Note(NoteKind.REFERENCE_ABSENT, absent, line)] if absent else []


def reference(text: str) -> Reference:
    """One entry with what identifies it; the text stays whole."""
    text = " ".join(text.split())
    doi = _DOI.search(text)
    pmid = _PMID.search(text)
    url = _URL.search(text)
    return Reference(
        text,
        doi[1].rstrip(".．。") if doi else "",
        pmid[1] if pmid else "",
        url[0].rstrip(".．") if url else "",
    )


@dataclass
class _List:
    """Entries by number; `plain`: none has a number of its own; `last`: the highest number."""

    entries: dict[int, str] = field(default_factory=dict)
    plain: bool = False
    last: int = 0

    def add(self, text: str) -> bool:
        """Add a line that begins an entry; False for any other line."""
        begins = _ENTRY.match(text)
        number = _number(begins) if begins else 0
        furthest = 1 if begins and begins[5] else _FURTHEST  # a number without a sign is one where it is due
        if begins and not self.plain and self.last < number <= self.last + furthest:
            self.last, self.entries[number] = number, text[begins.end() :]
            self._apart(number)
            return True
        return False

    def add_plain(self, text: str) -> bool:
        """Add a line without a number that cites something, where no entry has a number."""
        text = text.lstrip("•·▪●-–— ")
        cites = CITES.search(text) or _CITES_LOOSELY.search(text)
        if (self.entries and not self.plain) or not cites or credit_lines.read(text):
            return False
        self.plain = True
        self.last += 1
        self.entries[self.last] = text
        return True

    def _apart(self, number: int) -> None:
        """Entries in one line are split where exactly the next number stands."""
        text = self.entries[number]
        while cut := next((m for m in _INSIDE.finditer(text) if _number(m) == number + 1), None):
            self.entries[number], text = text[: cut.start()].strip(), text[cut.end() :]
            number += 1
            self.last, self.entries[number] = number, text


def _number(found: re.Match[str]) -> int:
    text = next(group for group in found.groups() if group)
    return _CIRCLED.index(text) + 1 if text in _CIRCLED else int(text)


def _announced(piece: Piece) -> list[Line] | None:
    """The lines after the title in its own piece, when the piece announces a list."""
    if isinstance(piece, Heading):
        return [] if is_title(piece.text) else None
    if not isinstance(piece, Text):
        return None
    first = piece.lines[0]
    if is_title(first.text):
        return list(piece.lines[1:])
    before = _TITLE_BEFORE.match(first.text)
    if before and (_ENTRY.match(first.text[before.end() :]) or CITES.search(first.text)):
        return [Line(first.number, first.text[before.end() :], ""), *piece.lines[1:]]
    return None


def _collect(pieces: list[Piece], at: int, found: _List) -> tuple[list[Line], int]:
    """Read entries until something else begins. Returns the lines that are none, and the next index."""
    while at < len(pieces):
        piece = pieces[at]
        if isinstance(piece, Markup) and piece.items and (not found.entries or found.last + 1 == piece.first):
            number = found.last if piece.first else 0
            found.entries |= dict(enumerate(piece.items, max(piece.first, number + 1)))
            found.last = max(piece.first, number + 1) + len(piece.items) - 1
            at += 1
            continue
        if not isinstance(piece, Text) or is_title(piece.text):
            break
        left = _lines(list(piece.lines), found)
        if left:
            return (left, at + 1) if len(left) < len(piece.lines) else ([], at)
        at += 1
    return [], at


def _lines(lines: list[Line], found: _List) -> list[Line]:
    """Add lines to the list; return those from the first one on that is no part of it."""
    for index, line in enumerate(lines):
        text = line.text.strip()
        if found.add(text):
            continue
        goes_on = index and found.entries and not lines[index - 1].hard and credit_lines.read(text) is None
        if goes_on and not (found.plain and found.entries[found.last].rstrip()[-1:] in ".。"):
            found.entries[found.last] = join([found.entries[found.last], text])
        elif not found.add_plain(text):
            return lines[index:]
    return []
