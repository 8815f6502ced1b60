"""Bodies, read with limits: how large, how deep, which characters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from api.problems import FieldError, Problem

LONGEST_JSON = 256 * 1024  # bytes; the largest questionnaire is a few kilobytes
LONGEST_FORM = 64 * 1024 * 1024  # bytes; gate.services limits each file and their number below this


def check_whole(headers: Mapping[str, str]) -> None:
    """Problem `malformed` for a body in chunks: WSGI hands it over empty, every field would be missing."""
    if headers.get("Transfer-Encoding") and not headers.get("Content-Length"):
        message = _("Send the body in one piece, with Content-Length.")
        raise Problem("malformed", errors=(FieldError("body", message, "malformed"),))


def _check_length(parser_context: dict[str, Any] | None, most: int) -> None:
    request = (parser_context or {})["request"]
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most:
        raise Problem("too_large", _("At most %(count)d bytes.") % {"count": most})


class ObjectParser(parsers.JSONParser):
    """A JSON object. Refused: other values, NUL and lone surrogates (no database stores them), deep nests."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """The object; Problem `malformed` or `too_large` otherwise."""
        _check_length(parser_context, LONGEST_JSON)
        try:
            data = super().parse(stream, media_type, parser_context)
            unstorable = _has_unstorable_text(data)
        except RecursionError as error:
            raise ParseError from error
        if unstorable:
            message = _("Contains characters that are not allowed.")
            raise Problem("malformed", errors=(FieldError("body", message, "malformed"),))
        if not isinstance(data, dict):
            raise Problem("malformed", errors=(FieldError("body", _("Send a JSON object."), "malformed"),))
        return data


class FormParser(parsers.MultiPartParser):
    """A multipart form with files, refused before the first byte when it is too large."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """DRF's DataAndFiles; Problem `too_large`, ParseError."""
        _check_length(parser_context, LONGEST_FORM)
        return super().parse(stream, media_type, parser_context)


def _has_unstorable_text(value: Any) -> bool:
    match value:
        case str():
            return any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in value)
        case dict():
            return any(_has_unstorable_text(part) for item in value.items() for part in item)
        case list():
            return any(_has_unstorable_text(item) for item in value)
    return False
