"""What stands before the text: title, names, abstract, keywords, and the same in a second language.

Papers open with a column label, the title, names and affiliations, 摘要 and 关键词, and often the same once more in English,
before or after the text. Title and names go to the article's fields, an abstract to a callout and to the summary;
names and affiliations that cannot be told apart stay paragraphs.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from cms.importing import people
from cms.importing.draft import Author, Callout, Note, NoteKind
from cms.importing.pieces import Heading, Line, Piece, Placed, Text

_ABSTRACT = re.compile(
    r"^\s*[【\[［(（]?\s*(摘\s*要|内容提要|提\s*要|Abst?ract|ABSTRACT)\s*[】\]］)）]?\s*[:：]?\s*"
)
_ABSTRACT_INSIDE = re.compile(r"(?<=[^【\[])[【\[]?(摘\s*要|Abstract)\s*[】\]]?\s*[:：]")
_KEYWORDS = re.compile(r"^\s*[【\[［]?\s*(关\s*键\s*[词字]|主题词|Key\s?-?words?)", re.IGNORECASE)
_PARTICULARS = re.compile(
    r"^\s*[【\[［]?\s*(中图分类号|分类号|文献标[志识]码|文章编号|DOI|收稿日期|基金项目|作者简介|通信作者|通讯作者|引用格式)",
    re.IGNORECASE,
)
_FAR = 14  # an abstract comes within so many pieces
_LONGEST_SUMMARY = 200
_LONGEST_TITLE = 120


@dataclass
class TitlePage:
    """What was recognised; `rest` are the pieces that follow, with what was recognised as blocks in place."""

    title: str = ""
    summary: str = ""
    byline: tuple[Author, ...] = ()
    rest: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read(pieces: list[Piece]) -> TitlePage:
    """Read the title page of a paper or an article in Markdown."""
    page = TitlePage()
    pieces = list(pieces)
    at = _split_abstract(pieces)
    opening = pieces[: at if at is not None else _opening_headings(pieces)]
    rest = pieces[len(opening) :]
    kept = _title(page, opening, has_abstract=at is not None)
    kept = _names(page, kept)
    page.rest += kept
    if at is not None:
        rest = _abstract(page, rest)
    page.rest += _second_language(rest) if is_chinese(page.title) else rest
    return page


def is_chinese(text: str) -> bool:
    """Whether a text is mostly Chinese: one character says about as much as two letters."""
    wide = len(re.findall(r"[\u4e00-\u9fff]", text))
    return wide * 2 > len(re.findall(r"[A-Za-z]", text))


def shortened(text: str, limit: int = _LONGEST_SUMMARY) -> str:
    """The first sentences of a text that fit, else the text cut with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = max((m.end() for m in re.finditer(r"[。！？!?]|\.(?=\s)", text[:limit])), default=0)
    return text[:cut] if cut >= limit // 3 else text[: limit - 1].rstrip() + "…"


def _opening_headings(pieces: list[Piece]) -> int:
    """Without an abstract the opening is the title and, directly after it, lines of names."""
    count = 0
    while count < len(pieces) and isinstance(pieces[count], Heading) and count < 3:
        count += 1
        if count == 1 and not _is_rubric(pieces, 0):
            break
    if count == 0 and pieces and isinstance(pieces[0], Text) and _could_be_title(pieces[0].text):
        count = 1
    after = pieces[count] if 0 < count < len(pieces) else None
    if isinstance(after, Text) and (
        people.names(after.text) or re.match(r"^\s*(作者|撰文|文)\s*[:：/]", after.text)
    ):
        count += 1
    return count


def _could_be_title(text: str) -> bool:
    return len(text) <= 60 and text[-1:] not in "。！？!?；;，,：:"


def _split_abstract(pieces: list[Piece]) -> int | None:
    """The index at which the abstract begins; a paragraph that runs into it is cut there."""
    for index, piece in enumerate(pieces[:_FAR]):
        if isinstance(piece, Text):
            if _ABSTRACT.match(piece.text):
                return index
            if index and (inside := _ABSTRACT_INSIDE.search(piece.html)):
                cut = inside.start()
                before, after = piece.html[:cut], piece.html[cut:]
                pieces[index : index + 1] = [_plain(piece.line, before), _plain(piece.line, after)]
                return index + 1
        elif isinstance(piece, Heading):
            if _ABSTRACT.match(piece.text):
                return index
            if index and re.match(r"^\s*(\d|[一二三]、|引言|前言)", piece.text):
                return None
    return None


def _plain(line: int, markup: str) -> Text:
    text = html.unescape(re.sub(r"<[^>]+>", "", markup))
    return Text((Line(line, text.strip(), markup.strip()),))


def _is_rubric(pieces: list[Piece], at: int) -> bool:
    """A short label over the title: 临床研究, 综述, ·指南与共识·."""
    piece = pieces[at]
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if not isinstance(piece, Heading | Text) or not isinstance(following, Heading):
        return False
    label = piece.text.strip("·•* 　【】[]")
    if isinstance(piece, Heading) and following.level != piece.level:
        return False
    return bool(re.fullmatch(r"[\u4e00-\u9fff、与和]{2,8}", label)) and len(following.text) > len(label) + 2


def _title(page: TitlePage, opening: list[Piece], *, has_abstract: bool) -> list[Piece]:
    """Take the title (and a label over it) from the opening; answer what is left of it."""
    kept: list[Piece] = []
    at = 0
    while at < len(opening) and _is_rubric(opening, at):
        piece = opening[at]
        page.notes.append(Note(NoteKind.RUBRIC, getattr(piece, "text", ""), piece.line))
        at += 1
    for piece in opening[at:]:
        text = piece.text if isinstance(piece, Heading | Text) else ""
        if not page.title and (
            isinstance(piece, Heading) or (isinstance(piece, Text) and _could_be_title(text))
        ):
            page.title, last = text, piece
        elif isinstance(piece, Heading) and page.title and not kept and _goes_on(last, piece, has_abstract):
            page.title += text
        elif isinstance(piece, Heading):
            kept.append(Text((Line(piece.line, piece.text, piece.html),)))
        else:
            kept.append(piece)
    return kept


def _goes_on(last: Piece, piece: Heading, has_abstract: bool) -> bool:
    """A heading directly under the title, above the abstract, that is neither names nor an affiliation."""
    return (
        has_abstract
        and isinstance(last, Heading)
        and piece.level == last.level
        and not people.names(piece.text)
        and piece.text[:1] not in "(（【["
        and is_chinese(last.text) == is_chinese(piece.text)
    )


def _names(page: TitlePage, pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in pieces:
        found: tuple[Author, ...] = ()
        if not page.byline and isinstance(piece, Text):
            found = people.names(piece.text)
            if not found and re.match(r"^\s*(作者|撰文|文)\s*[:：/]", piece.text):
                found = people.credited(piece.text)
        if found:
            page.byline = found
        else:
            kept.append(piece)
    if not page.byline and any(isinstance(piece, Text) for piece in kept):
        first = next(piece for piece in kept if isinstance(piece, Text))
        page.notes.append(Note(NoteKind.BYLINE_UNCLEAR, first.text[:80], first.line))
    return kept


def _abstract(page: TitlePage, rest: list[Piece]) -> list[Piece]:
    """Take abstract, keywords and particulars off the front of `rest` into one callout."""
    first = rest[0]
    if not isinstance(first, Text | Heading):
        return rest
    found = _ABSTRACT.match(first.text)
    title = found[1] if found else first.text
    end, has_words = _end_of_abstract(rest)
    paragraphs: list[str] = []
    abstract: list[str] = []
    for index, piece in enumerate(rest[:end]):
        if not isinstance(piece, Text | Heading):
            continue
        text, markup = piece.text, piece.html
        if index == 0:
            text, markup = _ABSTRACT.sub("", text), _ABSTRACT.sub("", markup)
        if _KEYWORDS.match(text) or _PARTICULARS.match(text):
            page.notes += [Note(NoteKind.KEYWORDS, text[:120], piece.line)] if _KEYWORDS.match(text) else []
        else:
            abstract.append(text)
        if text.strip():
            paragraphs.append(f"<p>{markup}</p>")
    del has_words
    page.summary = shortened(" ".join(part for part in abstract if part))
    page.rest.append(Placed(first.line, Callout("".join(title.split()), "".join(paragraphs))))
    return rest[end:]


def _end_of_abstract(rest: list[Piece]) -> tuple[int, bool]:
    """(index after the last piece of abstract and particulars, whether keywords were among them)."""
    end, words = 1, False
    for index in range(1, min(len(rest), 9)):
        piece = rest[index]
        if not isinstance(piece, Text):
            break
        if (_KEYWORDS.match(piece.text) and is_chinese(piece.text) == is_chinese(rest[0].text or "")) or (
            _KEYWORDS.match(piece.text) and not words and index <= 6
        ):
            end, words = index + 1, True
        elif words and _PARTICULARS.match(piece.text):
            end = index + 1
        elif words:
            break
    return end, words


def _second_language(pieces: list[Piece]) -> list[Piece]:
    """Runs of a foreign title page (an abstract or keywords in it) become one callout each."""
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and _is_foreign(pieces[end]):
            end += 1
        run = [piece for piece in pieces[at:end] if isinstance(piece, Text | Heading)]
        if run and any(_ABSTRACT.match(p.text) or _KEYWORDS.match(p.text) or _has_abstract(p) for p in run):
            out.append(_translated(run))
            at = end
        else:
            out += pieces[at : max(end, at + 1)]
            at = max(end, at + 1)
    return out


def _has_abstract(piece: Text | Heading) -> bool:
    return bool(_ABSTRACT_INSIDE.search(piece.text))


def _is_foreign(piece: Piece) -> bool:
    if not isinstance(piece, Text | Heading) or is_chinese(piece.text):
        return False
    return len(re.findall(r"[A-Za-z]", piece.text)) >= 6 and not re.search(r"[\u4e00-\u9fff]{4}", piece.text)


def _translated(run: list[Text | Heading]) -> Placed:
    first = run[0]
    if (
        (isinstance(first, Heading) or len(run) > 1)
        and len(first.text) <= _LONGEST_TITLE
        and not _ABSTRACT.match(first.text)
    ):
        title, rest = first.text, run[1:]
    else:
        title, rest = "Abstract", run
    return Placed(first.line, Callout(title, "".join(f"<p>{piece.html}</p>" for piece in rest)))
