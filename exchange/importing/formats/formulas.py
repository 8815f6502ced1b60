"""Renders TeX as readable text: the small part that medical texts use in sentences (60.5%, P<0.05, χ²).

pylatexenc parses it and knows what symbols stand for. `read(tex)` returns runs of text, or None when a
command or a structure is not among those below: the caller then keeps the TeX itself, because a guessed
formula is worse than one that is not typeset. Spaces in TeX have no meaning, except `~` and `\\ `.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexSpecialsNode,
    LatexWalker,
    LatexWalkerParseError,
)

from exchange.importing.formats.tex_symbols import HIGH, LOOKS, LOW, MARKS, context, symbol

Position = Literal["", "sup", "sub"]


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    position: Position = ""


# A longer or deeper text is no formula of a sentence; pylatexenc recurses.
_LONGEST = 2_000
_DEEPEST = 40
# A whole formula that is one raised or lowered run of this length is an error of text recognition.
_SLIP = 6


def shown(tex: str) -> tuple[str, str, bool]:
    """(text, html, whether it was understood) of one formula; TeX that was not understood stays as TeX."""
    if _is_prose(tex):
        words = "$" + re.sub(r"\\([^\w\s])", r"\1", tex) + "$"
        return words, html.escape(words, quote=False), True
    runs = read(tex)
    if runs is None:
        raw = f"${' '.join(tex.split())}$"
        return raw, html.escape(raw, quote=False), False
    if len(runs) == 1 and len(runs[0].text) > _SLIP:
        runs = (Run(runs[0].text),)
    return as_text(runs), as_html(runs), True


def _is_prose(tex: str) -> bool:
    """Two dollar signs in a sentence (about money, or astray): no TeX between them, but words."""
    if re.search(r"[\u4e00-\u9fff]{2}", tex):
        return True
    return (
        not re.search(r"[\\^_{}<>=±+]", tex) and bool(re.search(r"[^\W\d_]{2,}", tex)) and " " in tex.strip()
    )


class _Unknown(Exception):
    """A command or a structure outside the part that is read."""


def read(tex: str) -> tuple[Run, ...] | None:
    """The formula as runs of plain, raised and lowered text; None when a part of it is not understood."""
    if len(tex) > _LONGEST or _depth(tex) > _DEEPEST:
        return None
    tex = re.sub(r"(?<!\\)%", r"\\%", tex)  # a comment in TeX, a percentage in a text
    walker = LatexWalker(tex, latex_context=context(), tolerant_parsing=False)
    try:
        return tuple(_merged(_sequence(walker.get_latex_nodes()[0], "")))
    except (LatexWalkerParseError, _Unknown, RecursionError):
        return None


def _depth(tex: str) -> int:
    """How deep commands and groups may be nested in each other, at most."""
    depth = deepest = 0
    for sign in re.findall(r"[{}]|\\[A-Za-z]+", tex):
        depth = max(0, depth - 1) if sign == "}" else depth + (sign == "{")
        deepest = max(deepest, depth)
    return deepest


def as_html(runs: tuple[Run, ...]) -> str:
    """Runs as HTML with <sup> and <sub>."""
    return "".join(
        f"<{run.position}>{html.escape(run.text, quote=False)}</{run.position}>"
        if run.position
        else html.escape(run.text, quote=False)
        for run in runs
    )


def as_text(runs: tuple[Run, ...]) -> str:
    """Runs as plain text, raised and lowered digits as their own characters where such exist."""
    return "".join(_plain(run) for run in runs)


def _plain(run: Run) -> str:
    table = {"sup": HIGH, "sub": LOW}.get(run.position)
    if table and all(char in table for char in run.text):
        return "".join(table[char] for char in run.text)
    return run.text


def _sequence(nodes: list[Any], position: Position) -> list[Run]:
    """The runs of nodes in a row; `^` and `_` move the one after them."""
    runs: list[Run] = []
    moved: Position = ""
    for part in _parts(nodes):
        if isinstance(part, str) and part in "^_":
            moved = "sup" if part == "^" else "sub"
            continue
        found = _part(part, position or moved)
        runs += _raised(found, position) if moved else found
        moved = ""
    return runs


def _raised(runs: list[Run], position: Position) -> list[Run]:
    """A raised circle is a degree."""
    return [Run("°", position)] if "".join(run.text for run in runs) in ("∘", "°") else runs


def _parts(nodes: list[Any]) -> Iterator[Any]:
    """Nodes, with characters one by one and without spaces."""
    for node in nodes:
        if isinstance(node, LatexCharsNode):
            yield from "".join(node.chars.split())
        elif node is not None:
            yield node


def _part(part: Any, position: Position) -> list[Run]:
    match part:
        case str():
            return [Run(part, position)]
        case LatexGroupNode():
            if part.delimiters != ("{", "}"):
                raise _Unknown
            return _sequence(part.nodelist, position)
        case LatexSpecialsNode():
            if part.specials_chars == "&":
                raise _Unknown
            return [Run(part.specials_chars.replace("~", " ").strip("\n"), position)]
        case LatexMacroNode():
            return _command(part.macroname, part.nodeargd.argnlist if part.nodeargd else [], position)
        case _:
            raise _Unknown


def _command(name: str, arguments: list[Any], position: Position) -> list[Run]:
    given = [_sequence([argument], position) for argument in arguments if argument is not None]
    if name in ("frac", "dfrac", "tfrac") and len(given) == 2:
        return [*_bracketed(given[0], position), Run("/", position), *_bracketed(given[1], position)]
    first = given[0] if given else []
    text = "".join(run.text for run in first)
    if name in LOOKS:
        return first
    if name == "^" and given:  # a raised argument that text recognition escaped
        return _raised(_sequence(arguments, position or "sup"), position)
    if name == "sqrt" and len(given) == 1:
        return [Run(f"√({text})", position)]
    if name == "textcircled":
        small = text.isascii() and text.isdigit() and 1 <= int(text) <= 20
        return [Run(chr(0x2460 + int(text) - 1) if small else f"({text})", position)]
    if name in MARKS:
        return [Run(text + MARKS[name], position)] if len(text) == 1 else first
    known = symbol(name) if not arguments else None
    if known is None:
        raise _Unknown
    return [Run(known, position)]


def _bracketed(runs: list[Run], position: Position) -> list[Run]:
    if len("".join(run.text for run in runs)) < 2:
        return runs
    return [Run("(", position), *runs, Run(")", position)]


def _merged(runs: list[Run]) -> list[Run]:
    merged: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if merged and merged[-1].position == run.position:
            merged[-1] = Run(merged[-1].text + run.text, run.position)
        else:
            merged.append(run)
    return merged
