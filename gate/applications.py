"""The form of a verification request, checked field by field. Pure but for the messages' language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gate import licences
from gate.models.verifications import Profession, Verification
from gate.waiting import INPUT_FIELDS

FILES_FIELD = "credentials"
REQUIRED = frozenset({"full_name", "profession", "institution"})
# Professions that are always practised in a department of the institution.
NEEDS_DEPARTMENT = frozenset({Profession.PHYSICIAN, Profession.NURSE})


def clean_application(data: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """(values of INPUT_FIELDS, what is wrong by field). Fields that the form does not offer are ignored."""
    values = {name: _line(data.get(name)) for name in INPUT_FIELDS}
    values["licence_number"] = licences.normalise(values["licence_number"])
    problems: dict[str, str] = {}
    for name in INPUT_FIELDS:
        limit = getattr(Verification._meta.get_field(name), "max_length", None)
        if name in REQUIRED and not values[name]:
            problems[name] = _("Please fill in this field.")
        elif limit is not None and len(values[name]) > limit:
            problems[name] = _("Please use at most %(limit)s characters.") % {"limit": limit}
    profession = values["profession"]
    if profession and profession not in Profession.values:
        problems["profession"] = _("Please choose one of the professions.")
    elif profession:
        problem = licences.problem_with(profession, values["licence_number"])
        if problem and "licence_number" not in problems:
            problems["licence_number"] = problem
        if profession in NEEDS_DEPARTMENT and not values["department"]:
            problems["department"] = _("Please fill in this field.")
    return values, problems


def _line(value: Any) -> str:
    """One line of text without control characters (they could forge another field in an export)."""
    text = value if isinstance(value, str) else ""
    kept = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return " ".join(kept.split())
