"""Recognises credits under the title and below the text: date, names, originality, source.

A line is taken when every word of it is understood. What has no field (审校, 编辑, a second source) stays in
the text as it is; nothing of it gets into the byline.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

from exchange.importing.draft import Author, Originality, References
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
_LONGEST_BETWEEN = 200
_BRACKETS = re.compile(r"^[（(](?:本文)?([^（()）]{1,200}(?:[（(][^（()）]{1,80}[)）])?)[)）]$")
_PLACE_OF_EVENT = re.compile(r"^(?:会议|活动|培训|讲座)?地\s{,4}点")
_LONGEST_LEAD = 80
_FURTHEST_LEAD = 3
_REPORTERS = re.compile(r"[（(]\s{,4}(?:本报|本刊|本网|特约)?\s{,4}((?:记者|通讯员)[^（()）]{2,60})[)）]")


def recognise(work: Work) -> None:
    """Read the lines above the text, those below it, and the signature of a notice."""
    if work.front_read:
        return
    work.pieces = _above(work)
    work.pieces = _below(work)
    _reporters(work)
    _signature(work)


def _above(work: Work) -> list[Piece]:
    """Lines of credits above the text; a line between them (an affiliation, the original title) stays."""
    out: list[Piece] = []
    end = _end_of_credits(work.pieces)
    for index, piece in enumerate(work.pieces[:end]):
        if not isinstance(piece, Text):
            out.append(piece)
            continue
        following = work.pieces[index + 1] if index + 1 < len(work.pieces) else None
        if left := _lines(work, piece, following):
            out.append(Text(tuple(left)))
    return out + work.pieces[end:]


def _end_of_credits(pieces: list[Piece]) -> int:
    """The index after the last piece of credits; names alone count in the first pieces."""
    end = 0
    for index, piece in enumerate(pieces[:_MOST_ABOVE]):
        if isinstance(piece, Text):
            found = credit_lines.read(piece.lines[0].text) or _in_brackets(piece.lines[0].text)
            if found or (end == index and _people_of(piece.lines[0].text)):
                end = index + 1
            elif len(piece.text) > _LONGEST_BETWEEN or piece.text[-1:] in "。！？":
                break
        elif isinstance(piece, Placed):
            end += end == index
        else:
            break
    return end


def _lines(work: Work, piece: Text, following: Piece | None) -> list[Line]:
    """The lines that stay in the text; each of them on a line of its own."""
    left: list[Line] = []
    for number, line in enumerate(piece.lines):
        after = piece.lines[number + 1].text if number + 1 < len(piece.lines) else ""
        if not after and isinstance(following, Text):
            after = following.lines[0].text
        kept = None if _PLACE_OF_EVENT.match(after) else _credit(work, line, above=True)
        if kept is None and _is_byline(work, line.text, after):
            continue
        left += [line] if kept is None else [replace(one, hard=True) for one in kept]
    return left


def _credit(work: Work, line: Line, *, above: bool) -> list[Line] | None:
    """Take the credits of a line; return what stays of it, None where it is no line of credits."""
    found = credit_lines.read(line.text) or _in_brackets(line.text)
    if found is None or not (above or found.parts):
        return None
    parts = [part for part in found.parts if not _understood(part)]
    if parts or (found.rest and not (above and _header(work, found))):
        return None
    dropped = [found.place] if found.place else []
    if found.dates > 1 or (found.date and work.date and found.date != work.date):
        dropped.append(line.text)  # only one date has a field
    work.notes += [Note(NoteKind.NOT_ARTICLE, text, line.number) for text in dropped]
    work.date = work.date or found.date
    work.originality = work.originality or found.flag
    if found.date is None and any(part.role == Role.DATE for part in found.parts):
        return None
    kept = [part.text for part in _by_rank(found.parts) if not _take(work, part, line)]
    if len(kept) == len(found.parts) and not (found.date or found.flag):
        return [line]
    text = "　".join(kept)
    return [replace(line, text=text, html=html.escape(text, quote=False))] if kept else []


def _in_brackets(text: str) -> CreditLine | None:
    """`（作者：林小禾，示例医院）`; a source in brackets is the one of a figure."""
    inside = _BRACKETS.match(text.strip())
    found = credit_lines.read(inside[1]) if inside else None
    if found is None or not found.parts or found.rest:
        return None
    return found if all(part.role in (Role.AUTHOR, Role.TRANSLATOR) for part in found.parts) else None


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
            return _author(work, people.credited(part.value))
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


def _author(work: Work, found: tuple[Author, ...]) -> bool:
    """Set the byline; the same people once more may add their titles and affiliations."""
    if work.byline and [one.name for one in work.byline] != [one.name for one in found]:
        return False
    richer = sum(bool(one.title or one.affiliation) for one in found)
    if richer >= sum(bool(one.title or one.affiliation) for one in work.byline):
        work.byline = found
    return True


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
    named = words and (people.is_organisation(words[0]) or len(found.rest) == 1)
    if named and not work.organisation:  # who published it, alone beside the date or by its name
        work.organisation = words.pop(0)
    if words and (len(words) > 1 or not found.flag):
        return False
    work.notes += [Note(NoteKind.NOT_ARTICLE, word) for word in words]
    return True


def _is_byline(work: Work, text: str, after: str) -> bool:
    """A line of nothing but people, without a label: two or more, one with a title, or one above a date."""
    found = () if work.byline else _people_of(text)
    sure = len(found) > 1 or any(one.title or one.affiliation for one in found)
    if not found or not (sure or work.date or credit_lines.read(after)):
        return False
    work.byline = found
    return True


def _people_of(text: str) -> tuple[Author, ...]:
    return (people.people(text) or people.names(text)) if len(text) <= _LONGEST_NAMES else ()


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
        left: list[Line] = []
        for line in piece.lines:
            kept = _credit(work, line, above=False)
            left += [line] if kept is None else [replace(one, hard=True) for one in kept]
        out[index : index + 1] = [Text(tuple(left))] if left else []
    return out


def _is_of_a_picture(before: Piece) -> bool:
    if isinstance(before, Text):
        return captions.read(before.lines[-1].text, 0, beside=True) is not None
    return isinstance(before, Grid | Image)


def _signature(work: Work) -> None:
    """An organisation and a date as the last lines: they stay in the text and set author and date."""
    for at in range(len(work.pieces) - 1, max(-1, len(work.pieces) - 1 - _MOST_BELOW), -1):
        piece = work.pieces[at]
        if not isinstance(piece, Text):
            continue
        date = dates.date_of(piece.lines[-1].text)
        if date is None or dates.DATE.sub("", piece.lines[-1].text).strip():
            continue
        before = work.pieces[at - 1] if at else None
        signed = piece.lines[-2:-1] or (before.lines[-1:] if isinstance(before, Text) else ())
        name = re.sub(r"\s{2,20}", " ", signed[0].text.strip()) if signed else ""
        work.date = work.date or date
        if not work.byline and len(name) <= _LONGEST_SIGNATURE and people.is_organisation(name):
            work.byline = (Author(name, organisation=True),)
        work.pieces[at] = Text((*(replace(line, hard=True) for line in piece.lines[:-1]), piece.lines[-1]))
        return


def _reporters(work: Work) -> None:
    """`本报讯（记者 林小禾 通讯员 周一舟）` at the beginning of the news: it stays, and gives the byline."""
    first = next((piece for piece in work.pieces[:_FURTHEST_LEAD] if isinstance(piece, Text)), None)
    found = _REPORTERS.search(first.text[:_LONGEST_LEAD]) if first and not work.byline else None
    if found:
        work.byline = people.people(re.sub("记者|通讯员|[：:]", " ", found[1]))
