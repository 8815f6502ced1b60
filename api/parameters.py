"""Query parameters, read strictly: what an endpoint does not name, it refuses.

Unknown and repeated parameters are a 400 that names them, so that a misspelt filter never silently returns
everything and no hidden field can be probed (threats.md: unknown parameters).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext as _

from api.problems import FieldError, Problem

SLUG = re.compile(r"[\w-]{1,100}\Z")


class Parameter(Protocol):
    """How one parameter is read and how the OpenAPI document describes it."""

    @property
    def default(self) -> Any:
        """The value where the parameter is not given."""

    @property
    def description(self) -> str:
        """What it means, for the OpenAPI document."""

    def read(self, text: str) -> Any:
        """The value of a given text; raises ValueError with a message for people."""

    def openapi(self) -> dict[str, Any]:
        """The JSON schema of the value."""


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds. Nothing is clamped: 10⁹ is a mistake to be told about, not a maximum."""

    low: int
    high: int
    default: int
    description: str

    def read(self, text: str) -> int:
        # isascii keeps out digits of other scripts, which int() would take; 12 digits bound the work.
        if text.isascii() and text.isdigit() and len(text) <= 12 and self.low <= int(text) <= self.high:
            return int(text)
        raise ValueError(
            _("Give a whole number from %(low)d to %(high)d.") % {"low": self.low, "high": self.high}
        )

    def openapi(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high, "default": self.default}


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a bounded length without control characters."""

    longest: int
    description: str
    default: str | None = None
    required: bool = False

    def read(self, text: str) -> str:
        if len(text) > self.longest:
            raise ValueError(_("At most %(count)d characters.") % {"count": self.longest})
        if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in text):
            raise ValueError(_("Contains characters that are not allowed."))
        return text

    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Slug:
    """A zone's slug, as its address shows it."""

    description: str
    default: str | None = None

    def read(self, text: str) -> str:
        if not SLUG.match(text):
            raise ValueError(_("Give a slug of letters, digits, hyphens and underscores."))
        return text

    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 100, "pattern": r"^[\w-]+$"}


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a fixed set of words."""

    words: tuple[str, ...]
    description: str
    default: str | None = None

    def read(self, text: str) -> str:
        if text not in self.words:
            raise ValueError(_("Give one of: %(words)s.") % {"words": ", ".join(self.words)})
        return text

    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


def read_parameters(query: QueryDict, known: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values of all `known` parameters, defaults included.

    Raises Problem `unknown_parameter`, `repeated_parameter` or `invalid_parameter`, naming every culprit.
    """
    unknown = tuple(
        FieldError(name[:100], _("This endpoint does not know this parameter."), "unknown_parameter")
        for name in query
        if name not in known
    )
    if unknown:
        names = _(", ").join(error.field for error in unknown)
        raise Problem("unknown_parameter", _("Unknown parameter: %(names)s") % {"names": names}, unknown)
    repeated = tuple(
        FieldError(name, _("Give this parameter once."), "repeated_parameter")
        for name in query
        if len(query.getlist(name)) > 1
    )
    if repeated:
        raise Problem("repeated_parameter", errors=repeated)
    values: dict[str, Any] = {}
    errors = []
    for name, parameter in known.items():
        if name not in query:
            values[name] = parameter.default
            continue
        try:
            values[name] = parameter.read(str(query[name]))
        except ValueError as error:
            errors.append(FieldError(name, str(error), "invalid_parameter"))
    if errors:
        raise Problem("invalid_parameter", errors=tuple(errors))
    return values
