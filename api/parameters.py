"""Query parameters: a resource declares them as the fields of a serializer, and refuses all others.

Unknown and repeated parameters are a 400 that names them, so that a misspelt filter never silently returns
everything and no hidden field can be probed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from api.problems import FieldError, Problem


class Parameters(serializers.Serializer[Any]):
    """The query parameters of a resource: one optional field each, `help_text` for the OpenAPI document."""


class WholeNumber(serializers.IntegerField):
    """A whole number from `min_value` to `max_value`. Nothing is clamped: 10⁹ is refused."""

    def to_internal_value(self, data: Any) -> int:
        """The number of a given text. ASCII digits alone: int() would take those of other scripts."""
        assert self.min_value is not None  # noqa: S101 - every parameter has both
        assert self.max_value is not None  # noqa: S101
        text = str(data)
        if text.isascii() and text.isdigit() and len(text) <= 12:  # digits bound the work
            number = int(text)
            if self.min_value <= number <= self.max_value:
                return number
        raise serializers.ValidationError(
            _("Give a whole number from %(low)d to %(high)d.")
            % {"low": self.min_value, "high": self.max_value}
        )


class Text(serializers.CharField):
    """A text of at most `max_length` characters without control characters, as it was sent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        """The text; ValidationError where it holds a control character."""
        text = super().to_internal_value(data)
        if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in text):
            raise serializers.ValidationError(_("Contains characters that are not allowed."))
        return text


class Slug(serializers.RegexField):
    """A zone's slug, as its address shows it; None where it is not given."""

    def __init__(self, **options: Any) -> None:
        refusal = gettext_lazy("Give a slug of letters, digits, hyphens and underscores.")
        super().__init__(
            r"^[\w-]+\Z",
            max_length=100,
            default=None,
            trim_whitespace=False,
            error_messages=dict.fromkeys(("invalid", "blank", "max_length"), refusal),
            **options,
        )


class OneOf(serializers.ChoiceField):
    """One of a fixed set of words; None where it is not given."""

    def __init__(self, words: list[str], **options: Any) -> None:
        super().__init__(words, default=None, **options)

    def to_internal_value(self, data: Any) -> str:
        """The word; ValidationError otherwise, which does not repeat the input as DRF's own would."""
        if data not in self.choices:
            raise serializers.ValidationError(
                _("Give one of: %(words)s.") % {"words": ", ".join(map(str, self.choices))}
            )
        return str(data)


def read_parameters(query: QueryDict, known: type[Parameters]) -> dict[str, Any]:
    """The values of all fields of `known`, defaults included.

    Raises Problem `unknown_parameter`, `repeated_parameter` or `invalid_parameter`, naming every wrong one.
    """
    serializer = known(data=query.dict())
    unknown = tuple(
        FieldError(name[:100], _("This endpoint does not know this parameter."), "unknown_parameter")
        for name in query
        if name not in serializer.fields
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
    if not serializer.is_valid():
        raise Problem(
            "invalid_parameter",
            errors=tuple(
                FieldError(name, str(messages[0]), "invalid_parameter")
                for name, messages in serializer.errors.items()
            ),
        )
    return dict(serializer.validated_data)


def complete(known: type[Parameters], given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`given`, which was parsed already, with the defaults of what it leaves out."""
    return {name: field.default for name, field in known().fields.items()} | dict(given or {})
