"""Removes personal data and secrets from every log line just before it is written.

Our own lines hold ids, counts and routes only. This is for the others: libraries log paths, and the message
of an exception quotes what a user typed. A pattern too many costs a readable line, one too few a user's
privacy, so the patterns are wide.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

# Loggers of Django whose message is a sentence and a path; a path can hold the token of a password reset.
_PATH_LOGGERS = ("django.request", "django.security", "django.server")

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # PostgreSQL quotes the row: "Key (email)=(a@b.cn) already exists." / "Failing row contains (…)."
    (re.compile(r"(Key \([^()]{1,500}\)=\().*\)", re.DOTALL), r"\1…)"),
    (re.compile(r"(Failing row contains \().*\)", re.DOTALL), r"\1…)"),
    # Before mail addresses: the password and the host of a database address look like one.
    (re.compile(r"(//[^/\s:@]+:)[^/\s@]+@"), r"\1[secret]@"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*"), "[mail]"),
    (re.compile(r"(?i)\b(bearer|basic|token)(\s+|=)[\w.~+/=-]{8,}"), r"\1\2[secret]"),
    (re.compile(r"\?[\w%.~-]+=[^\s\"'<>)]*"), "?[query]"),
    # Mainland identity card (18) and mobile (11) numbers; longer ids of ours are hexadecimal or have dashes.
    (re.compile(r"(?<![\w-])\d{17}[\dXx](?![\w-])"), "[number]"),
    (re.compile(r"(?<![\w-])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![\w-])"), "[number]"),
)


def redacted(text: str) -> str:
    """`text` without mail addresses, phone and identity numbers, tokens, query strings and quoted rows."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: every text of the line, however deep, is redacted."""
    name = str(event.get("logger", ""))
    if name.startswith(_PATH_LOGGERS):
        event["event"] = str(event.get("event", "")).split(":", 1)[0]
    return {key: _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value if isinstance(value, int | float | None) else redacted(str(value))
