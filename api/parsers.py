"""Parsers of request bodies with limits: size, depth, characters."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from api.problems import FieldError, Problem
from cms.characters import clean_text, has_forbidden

LONGEST_JSON = 256 * 1024  # bytes; the largest questionnaire is a few kilobytes
LONGEST_FORM = 64 * 1024 * 1024  # bytes; gate.verification.files limits each file and their number below this


def check_whole(headers: Mapping[str, str]) -> None:
    """Problem `malformed` for a body in chunks: WSGI passes it on empty, so every field would be missing."""
    if headers.get("Transfer-Encoding") and not headers.get("Content-Length"):
        message = _("Send the body in one piece, with Content-Length.")
        raise Problem("malformed", errors=(FieldError("body", message, "malformed"),))


def _check_length(parser_context: dict[str, Any] | None, most: int) -> None:
    request = (parser_context or {})["request"]
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most:
        raise Problem("too_large", _("At most %(count)d bytes.") % {"count": most})


def read_json(text: str) -> Any:
    """The value; ValueError for what is not strict JSON, Problem `malformed` for a name given twice.

    Programs differ in which of two values they take: evidence has one.
    """
    return json.loads(
        text, object_pairs_hook=_without_repeats, parse_constant=_no_number, parse_float=_finite
    )


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            message = _("This name is given twice.")
            raise Problem("malformed", errors=(FieldError(clean_text(name)[:100], message, "repeated_name"),))
        made[name] = value
    return made


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


class ObjectParser(parsers.JSONParser):
    """A JSON object. Refused: other values, names given twice, characters that no text holds, deep nests."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """The object; Problem `malformed` or `too_large` otherwise."""
        _check_length(parser_context, LONGEST_JSON)
        try:
            data = read_json(stream.read().decode())
            place = _forbidden_at(data)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if place is not None:
            message = _("Contains characters that are not allowed.")
            raise Problem("malformed", errors=(FieldError(place or "body", message, "malformed"),))
        if not isinstance(data, dict):
            raise Problem("malformed", errors=(FieldError("body", _("Send a JSON object."), "malformed"),))
        return data


class FormParser(parsers.MultiPartParser):
    """A multipart form with files, refused before the first byte when it is too large."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """DRF's DataAndFiles; Problem `too_large`, ParseError."""
        _check_length(parser_context, LONGEST_FORM)
        return super().parse(stream, media_type, parser_context)


def _forbidden_at(value: Any, path: str = "") -> str | None:
    """The dotted path of the first text that holds what no text may; None when there is none."""
    match value:
        case str():
            return path if has_forbidden(value) else None
        case dict():
            parts = [(clean_text(name)[:100], part, name) for name, part in value.items()]
        case list():
            parts = [(str(index), part, "") for index, part in enumerate(value)]
        case _:
            return None
    for name, part, raw in parts:
        inner = f"{path}.{name}" if path else name
        if has_forbidden(raw):
            return inner
        if (found := _forbidden_at(part, inner)) is not None:
            return found
    return None
