"""The verification form as fields, in the order of a licence (see gate.verification.form)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from frontend_templates.fields import Choice, Field, focused
from gate.decision import CaseState
from gate.models import Profession
from gate.verification import (
    ACCEPTED,
    ANSWER_FIELD,
    APPEAL_FIELD,
    FILES_FIELD,
    FORMS,
    INPUT_FIELDS,
    LONGEST_TEXT,
    MAX_BYTES,
    MAX_FILES,
    field_of,
    professions_that_need,
)

if TYPE_CHECKING:
    from gate.verification import CaseStatus

AUTOCOMPLETE = {
    "full_name": "name",
    "institution": "organization",
    "professional_title": "organization-title",
}


def verification_fields(
    case: CaseStatus | None,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Field]:
    """Filled with the input, else with the latest request.

    That is the rejected one, or the approval that a recognised user changes; the reviewer's reasons stand
    beside the fields.
    """
    rejected = case if case is not None and case.state == CaseState.REJECTED else None
    values = given if given is not None else (case.previous_input if case else {})
    errors = errors or {}
    said = rejected.field_reasons if rejected else {}
    profession = values.get("profession", "")
    fields = [
        _profession(profession, errors.get(name, ""), said.get(name, ""))
        if name == "profession"
        else _field(name, profession, values.get(name, ""), errors.get(name, ""), said.get(name, ""))
        for name in INPUT_FIELDS
    ]
    sent = given is not None
    fields.append(_files(errors.get(FILES_FIELD, ""), said.get(FILES_FIELD, ""), rejected, sent=sent))
    return focused(fields)


def answer_fields(given: str = "", errors: Mapping[str, str] | None = None) -> list[Field]:
    """The fields for the answer to a reviewer's question: text, further files, or both."""
    errors = errors or {}
    answer = Field(
        name=ANSWER_FIELD,
        label=_("Your answer"),
        kind="long_text",
        value=given,
        error=errors.get(ANSWER_FIELD, ""),
        required=False,
        sometimes=True,
        max_length=LONGEST_TEXT,
    )
    files = _files(errors.get(FILES_FIELD, ""), "", None, sent=bool(errors))
    return focused([answer, replace(files, required=False, label=_("More pictures"))])


def appeal_fields(given: str = "", errors: Mapping[str, str] | None = None) -> list[Field]:
    """The field for the reason of an appeal."""
    reason = Field(
        name=APPEAL_FIELD,
        label=_("Why should the decision be reviewed?"),
        kind="long_text",
        value=given,
        error=(errors or {}).get(APPEAL_FIELD, ""),
        max_length=LONGEST_TEXT,
    )
    return focused([reason]) if errors else [reason]


def profession_words() -> dict[str, dict[str, dict[str, Any]]]:
    """Labels of the fields by profession, for the script that follows the choice of the profession."""
    return {
        profession: {
            field.name: {"label": str(field.label), "hint": str(field.hint), "required": field.required}
            for field in fields
        }
        for profession, fields in FORMS.items()
    }


def _profession(value: str, error: str, reviewer: str) -> Field:
    return Field(
        name="profession",
        label=_("Profession"),
        kind="select",
        value=value,
        error=error,
        reviewer=reviewer,
        choices=tuple(Choice(key, str(label), key == value) for key, label in Profession.choices),
    )


def _field(name: str, profession: str, value: str, error: str, reviewer: str) -> Field:
    """The label for the chosen profession; before the choice the hint names the professions that need it."""
    field = field_of(profession, name)
    needing = [] if profession in FORMS else professions_that_need(name)
    hint = str(field.hint)
    if needing:
        hint += " " + _("Needed for: %(professions)s.") % {"professions": _(", ").join(needing)}
    return Field(
        name=name,
        label=str(field.label),
        value=value,
        hint=escape(hint.strip()),
        error=error,
        reviewer=reviewer,
        required=field.required and not needing,
        sometimes=bool(needing),
        autocomplete=AUTOCOMPLETE.get(name, ""),
        max_length=field.max_length,
    )


def _files(error: str, reviewer: str, rejected: CaseStatus | None, *, sent: bool) -> Field:
    kept = rejected is not None and rejected.credentials > 0 and not reviewer
    hint = _("Up to %(files)d files, JPEG, PNG, HEIC, WebP or PDF, at most %(size)d MB each.") % {
        "files": MAX_FILES,
        "size": MAX_BYTES // (1024 * 1024),
    }
    if kept:
        hint += " " + _("The pictures you sent before are still there; choose new ones only to replace them.")
    elif sent:
        hint += " " + _("Browsers do not keep chosen files: please choose them again.")
    return Field(
        name=FILES_FIELD,
        label=_("Pictures of your credentials"),
        kind="file",
        hint=escape(hint),
        error=error,
        reviewer=reviewer,
        required=not kept,
        accept=",".join(ACCEPTED),
    )
