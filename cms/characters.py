"""The characters that a text may hold: none that is invisible and changes or breaks what is shown.

Dropped: control characters, lone surrogates, noncharacters, and the controls that turn the direction of
other text round (Unicode 17, chapters 23.1, 23.2, 23.7). Kept: what natural scripts and emoji are written
with.
"""

from __future__ import annotations

import re
import unicodedata

from django import forms

# What word processors paste where they break a line.
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NONCHARACTERS = "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufdd0-\ufdef\ud800-\udfff"
    f"{_NONCHARACTERS}]"
)
# A flag such as that of Scotland: a black flag, tags that spell the region, the end.
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f")
_JOINERS = "\u200c\u200d"
# Characters that show nothing although their category is that of a letter or symbol.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5")
# On one letter: Thai has two, pointed Arabic and Hebrew up to four.
MOST_MARKS = 5


def has_forbidden(text: str) -> bool:
    """True when clean_text() would drop a character or replace it by a line break."""
    return _FORBIDDEN.search(text) is not None


def clean_text(text: str) -> str:
    """The text with plain line breaks and without the characters that no text may hold."""
    return _FORBIDDEN.sub("", _BREAK.sub("\n", text))


def clean_line(text: str) -> str:
    """A name or another single line: composed (NFC), single spaces, joiners and marks only where they
    belong.

    Empty when no character of it would be visible.
    """
    whole = unicodedata.normalize("NFC", clean_text(text))
    kept: list[str] = []
    at = marks = 0
    while at < len(whole):
        flag = _FLAG.match(whole, at)
        piece = flag[0] if flag else whole[at]
        marks = marks + 1 if unicodedata.category(piece[0]) in ("Mn", "Me") else 0
        if flag or (marks <= MOST_MARKS and _belongs(whole, at)):
            kept.append(piece)
        at += len(piece)
    line = " ".join("".join(kept).split())
    return line if is_visible(line) else ""


def is_visible(text: str) -> bool:
    """True when at least one character of the text shows something."""
    return any(
        char not in _BLANK
        and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Mn", "Zs", "Zl", "Zp")
        for char in text
    )


def _belongs(text: str, at: int) -> bool:
    """Format characters belong between what they join; everything else belongs where it is."""
    char = text[at]
    if char in _JOINERS:
        return 0 < at < len(text) - 1 and _is_joined(text[at - 1]) and _is_joined(text[at + 1])
    return unicodedata.category(char) != "Cf"


def _is_joined(char: str) -> bool:
    """Emoji, marks, and letters of scripts whose shapes depend on their neighbours (not Latin, not Han)."""
    kind = unicodedata.category(char)
    if kind in ("So", "Sk", "Mn", "Mc", "Sm"):
        return True
    return kind == "Lo" and "\u0590" <= char < "\u1100"


def connect_forms() -> None:
    """Every text field of every form, of Django, Wagtail, allauth and ours, returns clean text.

    Password fields are left alone: passwords are compared, never shown.
    """
    to_python = forms.CharField.to_python
    if getattr(to_python, "cleans", False):
        return

    def cleaned(self: forms.CharField, value: object) -> object:
        if isinstance(value, str) and not isinstance(self.widget, forms.PasswordInput):
            # NUL stays for Django's own validator, which refuses it by name.
            value = clean_text(value) if "\x00" not in value else value
        return to_python(self, value)

    cleaned.cleans = True  # type: ignore[attr-defined]
    forms.CharField.to_python = cleaned  # type: ignore[assignment, method-assign]
