"""Recognises titled steps.

They are, after a sentence that ends with a colon, pairs of a short title line and a paragraph; or an ordered
list whose items all begin with bold words.
"""

from __future__ import annotations

import html
import re

from exchange.importing.draft import Step, Steps
from exchange.importing.pieces import Markup, Piece, Placed, Text
from exchange.importing.recognition import captions, numbering
from exchange.importing.recognition.work import Work

_LONGEST_TITLE = 24
_FEWEST = 2
_SENTENCE_END = "。！？!?；;，,、：:.…"
_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_BOLD = re.compile(r"^\s{,20}<b>(.+?)</b>\s{,20}[:：.．。]?\s{,20}(?:<br/>)?\s{,20}(\S.*)$", re.DOTALL)


def recognise(work: Work) -> None:
    """Replace each run of titled steps by a Steps block."""
    pieces = work.pieces
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        out.append(piece)
        at += 1
        if isinstance(piece, Markup) and (listed := _from_list(piece)):
            out[-1] = Placed(piece.line, listed)
        elif isinstance(piece, Text) and piece.text[-1:] in "：:":
            steps, at = _pairs(pieces, at)
            if steps:
                out.append(steps)
    work.pieces = out


def _pairs(pieces: list[Piece], at: int) -> tuple[Placed | None, int]:
    steps: list[Step] = []
    index = at
    while index + 1 < len(pieces):
        title, body = pieces[index], pieces[index + 1]
        if not (isinstance(title, Text) and isinstance(body, Text) and _is_title(title) and _is_body(body)):
            break
        steps.append(Step(title.text, f"<p>{body.html}</p>"))
        index += 2
    if len(steps) < _FEWEST:
        return None, at
    return Placed(pieces[at].line, Steps(tuple(steps))), index


def _is_title(piece: Text) -> bool:
    text = piece.text
    return (
        len(piece.lines) == 1
        and 2 <= len(text) <= _LONGEST_TITLE
        and text[-1] not in _SENTENCE_END
        and bool(re.search(r"[^\W\d_]{2}", text))
        and captions.read(text, 0, beside=True) is None
        and not re.match(r"^[（(\[【]|^\d", text)
        and numbering.NumberReader().read(text) is None
    )


def _is_body(piece: Text) -> bool:
    """A paragraph: it ends as sentences do, or is clearly longer than a title."""
    text = piece.text
    return (text[-1:] in "。！？!?.；;" or len(text) > 2 * _LONGEST_TITLE) and captions.read(
        text, 0, beside=True
    ) is None


def _from_list(piece: Markup) -> Steps | None:
    if not piece.html.startswith("<ol>") or piece.html.count("<ol>") + piece.html.count("<ul>") > 1:
        return None
    # Up to the last end of an item, so that no item is sought without one.
    items = [_BOLD.match(item) for item in _ITEM.findall(piece.html[: piece.html.rfind("</li>") + 5])]
    if len(items) < _FEWEST or not all(items):
        return None
    return Steps(tuple(Step(_text(found[1]), f"<p>{found[2]}</p>") for found in items if found))


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^<>]+>", "", markup)).strip().rstrip(":：")
