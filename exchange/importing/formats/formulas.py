"""Renders TeX as readable text: the small part that medical texts use in sentences (60.5%, P<0.05, χ²).

`read(tex)` returns runs of text, or None when a command is not among those below: the caller then keeps the
TeX itself, because a guessed formula is worse than one that is not typeset. Spaces in TeX have no meaning,
except `~`, the backslash-space and similar commands.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

from exchange.importing.formats.tex_symbols import ESCAPED, HIGH, LOOKS, LOW, MARKS, SYMBOLS

Position = Literal["", "sup", "sub"]


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    position: Position = ""


_TOKEN = re.compile(r"\\([A-Za-z]+)|\\(.)|([{}^_~&])|(\s+)|(.)", re.DOTALL)
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
    """Two dollar signs in a sentence (about money, or by mistake) with words between them instead of TeX."""
    if re.search(r"[\u4e00-\u9fff]{2}", tex):
        return True
    return (
        not re.search(r"[\\^_{}<>=±+]", tex) and bool(re.search(r"[^\W\d_]{2,}", tex)) and " " in tex.strip()
    )


class _Unknown(Exception):
    """A command or a structure outside the part that is read."""


def read(tex: str) -> tuple[Run, ...] | None:
    """The formula as runs of plain, raised and lowered text; None when a part of it is not understood."""
    try:
        tokens = [m.groups() for m in _TOKEN.finditer(tex)]
        runs, rest = _sequence(tokens, 0, "", 0)
    except _Unknown:
        return None
    if rest != len(tokens):
        return None
    return tuple(_merged(runs))


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


Token = tuple[str | None, ...]


def _sequence(tokens: list[Token], at: int, position: Position, depth: int) -> tuple[list[Run], int]:
    """Read until the group closes; return its runs and the index of the closing brace (or the end)."""
    runs: list[Run] = []
    while at < len(tokens) and tokens[at][2] != "}":
        more, at = _one(tokens, at, position, depth)
        runs += more
    return runs, at


def _one(tokens: list[Token], at: int, position: Position, depth: int) -> tuple[list[Run], int]:
    if depth > _DEEPEST:
        raise _Unknown
    command, escaped, special, space, char = tokens[at]
    if command is not None:
        return _command(command, tokens, at + 1, position, depth)
    if escaped is not None:
        if escaped not in ESCAPED:
            raise _Unknown
        return [Run(ESCAPED[escaped], position)], at + 1
    if special is not None:
        return _special(special, tokens, at, position, depth)
    return ([] if space is not None else [Run(char or "", position)]), at + 1


def _special(
    special: str, tokens: list[Token], at: int, position: Position, depth: int
) -> tuple[list[Run], int]:
    """A group, a raised or lowered argument, or a space."""
    if special == "{":
        runs, close = _sequence(tokens, at + 1, position, depth + 1)
        if close >= len(tokens):
            raise _Unknown
        return runs, close + 1
    if special in ("^", "_"):
        moved: Position = "sup" if special == "^" else "sub"
        runs, after = _argument(tokens, at + 1, position or moved, depth + 1)
        if "".join(run.text for run in runs) in ("∘", "°"):
            return [Run("°", position)], after
        return runs, after
    if special == "~":
        return [Run(" ", position)], at + 1
    raise _Unknown


def _argument(tokens: list[Token], at: int, position: Position, depth: int) -> tuple[list[Run], int]:
    while at < len(tokens) and tokens[at][3] is not None:
        at += 1
    if at >= len(tokens) or tokens[at][2] == "}":
        return [], at
    return _one(tokens, at, position, depth)


def _command(
    name: str, tokens: list[Token], at: int, position: Position, depth: int
) -> tuple[list[Run], int]:
    if name in SYMBOLS:
        return [Run(SYMBOLS[name], position)], at
    if name in LOOKS:
        return [], at
    if name in MARKS or name in ("textcircled", "sqrt"):
        runs, at = _argument(tokens, at, position, depth + 1)
        text = "".join(run.text for run in runs)
        if name == "sqrt":
            return [Run(f"√({text})", position)], at
        if name == "textcircled":
            small = text.isascii() and text.isdigit() and 1 <= int(text) <= 20
            return [Run(chr(0x2460 + int(text) - 1) if small else f"({text})", position)], at
        if len(text) == 1:
            return [Run(text + MARKS[name], position)], at
        return runs, at
    if name in ("frac", "dfrac", "tfrac"):
        above, at = _argument(tokens, at, position, depth + 1)
        below, at = _argument(tokens, at, position, depth + 1)
        return [*_bracketed(above, position), Run("/", position), *_bracketed(below, position)], at
    raise _Unknown


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
