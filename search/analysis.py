"""Text analysis: text to tokens, the same at index and at query time and for every engine.

The measurements behind it are in docs/search.md: single characters plus pairs of neighbours beat a
dictionary, and traditional script must be folded. Analysis needs no plugin and no list of known drug names.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from opencc import OpenCC

ANALYSIS_VERSION = "1"
"""Raise it when folding or tokens change: indexes written by another version are rebuilt."""

_TO_SIMPLIFIED = OpenCC("t2s")
_HYPHEN_OR_INVISIBLE = re.compile(
    "([\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u00ad])|[\u200b\u200c\u200d\u2060\ufeff]"
)
_GREEK = {
    # α to ω, by the last word of their Unicode names, which spell lambda without b.
    letter: unicodedata.name(letter).split()[-1].lower().replace("lamda", "lambda")
    for letter in map(chr, range(ord("α"), ord("ω") + 1))
}
_GREEK_LETTER = re.compile(f"[{''.join(_GREEK)}]")

HAN = "々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_LETTER = rf"(?:(?![{HAN}])[^\W_])"
# A point stays inside a number (3.5) and inside an abbreviation (i.v), as in Elasticsearch's `standard`.
_WORD = rf"{_LETTER}+(?:(?:(?<=\d)[.,](?=\d)|(?<=[a-z])[.'](?=[a-z])){_LETTER}+)*"
_TOKEN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>{_WORD})")
# A code has a letter and a digit or a hyphen: pd-1, car-t, hba1c, tnf-alpha.
_CODE = re.compile(r"(?<![a-z0-9])(?=[a-z0-9])(?=[a-z0-9-]{,99}[a-z])[a-z0-9]+(?:-[a-z0-9]+)*(?![a-z0-9])")
_CODE_LENGTH = range(2, 33)


def _spell_greek(match: re.Match[str]) -> str:
    """α -> alpha, with a hyphen to a Latin neighbour: TNFα, TNF-α and TNF-alpha become the same code."""
    text, start, end = match.string, match.start(), match.end()
    before = "-" if start and text[start - 1].isascii() and text[start - 1].isalnum() else ""
    after = (
        "-"
        if end < len(text) and (text[end] in _GREEK or (text[end].isascii() and text[end].isalnum()))
        else ""
    )
    return f"{before}{_GREEK[match.group()]}{after}"


def _plain_hyphens(text: str) -> str:
    return _HYPHEN_OR_INVISIBLE.sub(lambda match: "-" if match.group(1) else "", text)


def fold(text: str) -> str:
    """The text in one spelling of what readers take as equal: width, case, script, Greek, hyphens."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate would stop OpenCC
    text = _plain_hyphens(unicodedata.normalize("NFKC", text).lower())
    return _GREEK_LETTER.sub(_spell_greek, _TO_SIMPLIFIED.convert(text))


def code_in(candidate: str) -> str | None:
    """`pd-1` -> `pd1`, `hba1c` -> `hba1c`; None for a plain word. Takes folded text."""
    if "-" not in candidate and not any(char.isdigit() for char in candidate):
        return None
    compact = candidate.replace("-", "")
    return compact if len(compact) in _CODE_LENGTH else None


def codes(folded: str) -> tuple[str, ...]:
    """Each code once, in order, without hyphens, so that PD1 finds PD-1."""
    found = (code_in(match.group()) for match in _CODE.finditer(folded))
    return tuple(dict.fromkeys(code for code in found if code))


def code_spans(folded: str) -> list[tuple[int, int, str]]:
    return [(m.start(), m.end(), code) for m in _CODE.finditer(folded) if (code := code_in(m.group()))]


def is_han(char: str) -> bool:
    return _HAN_CHARACTER.match(char) is not None


def runs(folded: str) -> list[str]:
    """Han characters that stand together, and other words, in order."""
    return [match.group() for match in _TOKEN.finditer(folded)]


def unigrams(folded: str) -> tuple[str, ...]:
    """Each Han character, and each other word whole, in order."""
    found: list[str] = []
    for match in _TOKEN.finditer(folded):
        found.extend(match.group()) if match.lastgroup == "han" else found.append(match.group())
    return tuple(found)


def bigrams(folded: str) -> tuple[str, ...]:
    """Pairs of neighbouring Han characters; a lone character and other words stand for themselves."""
    found: list[str] = []
    for match in _TOKEN.finditer(folded):
        run = match.group()
        if match.lastgroup == "han" and len(run) > 1:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text in the three forms in which engines index it and queries ask for it."""

    unigrams: tuple[str, ...]
    bigrams: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Tokens:
        return cls.of_folded(fold(text))

    @classmethod
    def of_folded(cls, folded: str) -> Tokens:
        return cls(unigrams(folded), bigrams(folded), codes(folded))

    def __bool__(self) -> bool:
        return bool(self.unigrams)


def fold_with_origins(text: str) -> tuple[str, list[int]]:
    """`fold`, and for each folded character its place in `text`, for marking words."""
    base, places = "", []
    for place, char in enumerate(text):
        folded = _plain_hyphens(unicodedata.normalize("NFKC", char).lower())
        base += folded
        places += [place] * len(folded)
    simplified = _TO_SIMPLIFIED.convert(base.encode("utf-8", "replace").decode("utf-8"))
    if len(simplified) == len(base):  # true for all but a few phrases of other scripts
        base = simplified
    folded, origins, done = "", [], 0
    for match in _GREEK_LETTER.finditer(base):
        spelled = _spell_greek(match)
        folded += base[done : match.start()] + spelled
        origins += places[done : match.start()] + [places[match.start()]] * len(spelled)
        done = match.end()
    return folded + base[done:], origins + places[done:]
