"""References in a text to a numbered block: [图:key], [表:key]; or [figure:key], [table:key].

The kinds of blocks define which words may stand before the colon; each function takes them as `words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from cms.numbering import Series

KEY = r"[\w.\-]{1,64}"
_TOKEN = re.compile(rf"\[(\w{{1,30}})\s{{,20}}[:：]\s{{,20}}({KEY})\s{{,20}}\]")
_MARKUP = re.compile(r"(<[^<>]*>)")

Words = Mapping[str, Series]
"""The series that a word refers to, e.g. 图 and figure to the one of figures."""
Replacement = Callable[[Series, str], str]


def references(text: str, words: Words) -> Iterator[tuple[Series, str, str]]:
    """(series, key, token as written) of each reference in a text or an HTML text."""
    for found in _TOKEN.finditer(_MARKUP.sub(" ", text)):
        if series := words.get(found[1]):
            yield series, found[2], found[0]


def replace(text: str, words: Words, replacement: Replacement) -> str:
    """Replace each token of a plain text."""

    def replaced(found: re.Match[str]) -> str:
        series = words.get(found[1])
        return replacement(series, found[2]) if series else found[0]

    return _TOKEN.sub(replaced, text)


def replace_in_html(html: str, words: Words, replacement: Replacement) -> str:
    """Replace each token that stands in the text of an HTML text; attributes are left alone."""
    parts = _MARKUP.split(html)
    parts[::2] = [replace(part, words, replacement) for part in parts[::2]]
    return "".join(parts)
