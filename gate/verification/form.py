"""Checks the verification form field by field. Pure but for the messages' language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cms.characters import clean_line
from gate.models.verifications import Profession
from gate.verification import licences
from gate.verification.professions import FormField, form_of
from gate.verification.status import INPUT_FIELDS

FILES_FIELD = "credentials"


def clean_application(data: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """(values of INPUT_FIELDS, errors by field). Fields that the form does not offer are ignored."""
    values = {name: _line(data.get(name)) for name in INPUT_FIELDS}
    values["licence_number"] = licences.normalise(values["licence_number"])
    problems: dict[str, str] = {}
    profession = values["profession"]
    if not profession:
        problems["profession"] = _("Please fill in this field.")
    elif profession not in Profession.values:
        problems["profession"] = _("Please choose one of the professions.")
    for field in form_of(profession):
        if problem := problem_with(field, values[field.name]):
            problems[field.name] = problem
    return values, {name: problems[name] for name in INPUT_FIELDS if name in problems}


def problem_with(field: FormField, value: str) -> str | None:
    """The error of a cleaned value, or None."""
    if not value:
        return str(field.missing) if field.required else None
    if field.max_length is not None and len(value) > field.max_length:
        return _("Please use at most %(limit)s characters.") % {"limit": field.max_length}
    if field.pattern and not re.fullmatch(field.pattern, value):
        return str(field.wrong)
    return None


def _line(value: Any) -> str:
    """One line of text without control characters (they could forge another field in an export)."""
    return clean_line(value) if isinstance(value, str) else ""
