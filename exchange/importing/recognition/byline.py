"""Credits under the title and below the text: date, names, originality, source.

A line is taken when every word of it is understood. What has no field (审校, 编辑, a second source) stays in
the text as it is; nothing of it gets into the byline.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

from exchange.importing.draft import Originality, References
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pieces import Grid, Image, Line, Piece, Placed, Text
from exchange.importing.recognition import captions, credit_lines, dates, people
from exchange.importing.recognition.credit_lines import CreditLine, Part, Role
from exchange.importing.recognition.work import Work

_MOST_ABOVE = 8
_MOST_BELOW = 8
_LONGEST_NAMES = 160
_LONGEST_SIGNATURE = 40
_LONGEST_HEADER_WORD = 24


def recognise(work: Work) -> None:
    """Read the lines above the text, those below it, and the signature of a notice."""
    if work.front_read:
        return
    work.pieces = _above(work)
    work.pieces = _below(work)
    _signature(work)


def _above(work: Work) -> list[Piece]:
    out: list[Piece] = []
    for index, piece in enumerate(work.pieces):
        if isinstance(piece, Placed) and index < _MOST_ABOVE:
            out.append(piece)
            continue
        if index >= _MOST_ABOVE or not isinstance(piece, Text):
            return out + work.pieces[index:]
        following = work.pieces[index + 1] if index + 1 < len(work.pieces) else None
        left, whole = _lines(work, piece, following)
        if left:
            out.append(Text(tuple(left)))
        if not whole:
            return out + work.pieces[index + 1 :]
    return out


def _lines(work: Work, piece: Text, following: Piece | None) -> tuple[list[Line], bool]:
    """The lines that stay in the text, and whether all of them were credits."""
    left: list[Line] = []
    for number, line in enumerate(piece.lines):
        after = piece.lines[number + 1].text if number + 1 < len(piece.lines) else ""
        if not after and isinstance(following, Text):
            after = following.lines[0].text
        kept = _credit(work, line, above=True)
        if kept is None and _is_byline(work, line.text, after):
            kept = []
        if kept is None:
            return left + list(piece.lines[number:]), False
        left += kept
    return left, True


def _credit(work: Work, line: Line, *, above: bool) -> list[Line] | None:
    """Take what a line credits; answers what stays of it, None where it is no line of credits."""
    found = credit_lines.read(line.text)
    if found is None or not (above or found.parts):
        return None
    parts = [part for part in found.parts if not _understood(part)]
    if parts or (found.rest and not (above and _header(work, found))):
        return None
    work.date = work.date or found.date
    work.originality = work.originality or found.flag
    if found.date is None and any(part.role == Role.DATE for part in found.parts):
        return None
    kept = [part.text for part in _by_rank(found.parts) if not _take(work, part, line)]
    if len(kept) == len(found.parts) and not (found.date or found.flag):
        return [line]
    text = "　".join(kept)
    return [replace(line, text=text, html=html.escape(text, quote=False))] if kept else []


def _by_rank(parts: tuple[Part, ...]) -> list[Part]:
    """Authors before translators, who are named in the byline only where no author is."""
    return sorted(parts, key=lambda part: part.role == Role.TRANSLATOR)


def _understood(part: Part) -> bool:
    match part.role:
        case Role.AUTHOR | Role.TRANSLATOR:
            return bool(people.credited(part.value))
        case Role.SOURCE:
            return 0 < len(part.value) <= credit_lines.LONGEST_ORGANISATION
        case Role.LINK:
            return part.value.startswith("http") and bool(credit_lines.SOURCE_URL.fullmatch(part.value))
        case Role.DATE:
            return not part.value
        case _:
            return len(part.value) <= _LONGEST_NAMES


def _take(work: Work, part: Part, line: Line) -> bool:
    """Put a part into its field; False where there is none, or it is taken."""
    match part.role:
        case Role.AUTHOR:
            if not work.byline:
                work.byline = people.credited(part.value)
                return True
        case Role.TRANSLATOR:
            work.originality = work.originality or Originality.TRANSLATED
            if not work.byline:
                work.byline = people.credited(part.value)
                return True
        case Role.SOURCE:
            return _source(work, part.value)
        case Role.LINK:
            if not work.url:
                work.url = part.value
                return True
        case Role.DATE:
            return True
        case Role.COUNT:
            work.notes.append(Note(NoteKind.COMMENTS, part.text, line.number))
            return True
    return False


def _source(work: Work, value: str) -> bool:
    """The name of an organisation, an address, or both."""
    url = credit_lines.SOURCE_URL.search(value)
    name = credit_lines.SOURCE_URL.sub("", value).strip(" ,，;；()（）|｜") or (url[0] if url else "")
    if work.organisation or (url and url[0].startswith("http") and work.url):
        return False
    work.organisation = name
    if url and url[0].startswith("http"):
        work.url = url[0]
    return not url or bool(work.url) or name == url[0]


def _header(work: Work, found: CreditLine) -> bool:
    """`林小禾 示例呼吸资讯 2026年3月5日`: name and publisher beside a date; the place is left out."""
    words = list(found.rest)
    if found.date is None or len(words) > 3 or any(len(word) > _LONGEST_HEADER_WORD for word in words):
        return False
    if people.is_name(words[0]) and not work.byline:
        work.byline = people.credited(words.pop(0))
    if words and people.is_organisation(words[0]) and not work.organisation:
        work.organisation = words.pop(0)
    if words and (len(words) > 1 or not found.flag):
        return False
    work.notes += [Note(NoteKind.NOT_ARTICLE, word) for word in words]
    return True


def _is_byline(work: Work, text: str, after: str) -> bool:
    """A line of nothing but people, without a label: two or more, one with a title, or one above a date."""
    if work.byline or len(text) > _LONGEST_NAMES:
        return False
    found = people.people(text) or people.names(text)
    sure = len(found) > 1 or any(one.title or one.affiliation for one in found)
    if not found or not (sure or work.date or credit_lines.read(after)):
        return False
    work.byline = found
    return True


def _below(work: Work) -> list[Piece]:
    """Labelled lines among the last pieces. One under a picture or table is its own, unless it is last."""
    out = list(work.pieces)
    seen = 0
    for index in range(len(out) - 1, 0, -1):
        piece = out[index]
        if isinstance(piece, Placed) and isinstance(piece.block, References):
            continue
        seen += 1
        if seen > _MOST_BELOW or not isinstance(piece, Text):
            break
        if seen > 1 and _is_of_a_picture(out[index - 1]):
            continue
        kept = [_credit(work, line, above=False) for line in piece.lines]
        left = [
            one
            for line, lines in zip(piece.lines, kept, strict=True)
            for one in (lines if lines is not None else [line])
        ]
        out[index : index + 1] = [Text(tuple(left))] if left else []
    return out


def _is_of_a_picture(before: Piece) -> bool:
    if isinstance(before, Text):
        return captions.read(before.lines[-1].text, 0, beside=True) is not None
    return isinstance(before, Grid | Image)


def _signature(work: Work) -> None:
    """An organisation and a date as the last lines: they stay in the text, and say who wrote it and when."""
    lines = [
        line.text.strip()
        for piece in work.pieces[-_MOST_BELOW:]
        if isinstance(piece, Text)
        for line in piece.lines
    ]
    for before, line in zip(["", *lines], lines, strict=False):
        date = dates.date_of(line)
        if date is None or dates.DATE.sub("", line).strip() or work.date:
            continue
        work.date = date
        if not work.byline and len(before) <= _LONGEST_SIGNATURE and people.is_organisation(before):
            work.byline = people.credited(re.sub(r"\s{2,20}", " ", before))
        return
