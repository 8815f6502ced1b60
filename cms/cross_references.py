"""References in a text to a figure or table: [图:key], [表:key]; or [figure:key], [table:key]."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import cast

from cms.numbering import NumberedKind

KEY = r"[\w.\-]{1,64}"
_TOKEN = re.compile(rf"\[(图|表|figure|table)\s{{,20}}[:：]\s{{,20}}({KEY})\s{{,20}}\]")
_MARKUP = re.compile(r"(<[^<>]*>)")
_KINDS = {"图": "figure", "表": "table"}


def _kind(word: str) -> NumberedKind:
    return cast(NumberedKind, _KINDS.get(word, word))


def references(text: str) -> Iterator[tuple[NumberedKind, str, str]]:
    """(kind, key, token as written) of each reference in a text or an HTML text."""
    for found in _TOKEN.finditer(_MARKUP.sub(" ", text)):
        yield _kind(found[1]), found[2], found[0]


def replace(text: str, replacement: Callable[[NumberedKind, str], str]) -> str:
    """Replace each token of a plain text."""
    return _TOKEN.sub(lambda found: replacement(_kind(found[1]), found[2]), text)


def replace_in_html(html: str, replacement: Callable[[NumberedKind, str], str]) -> str:
    """Replace each token that stands in the text of an HTML text; attributes are left alone."""
    parts = _MARKUP.split(html)
    parts[::2] = [replace(part, replacement) for part in parts[::2]]
    return "".join(parts)
