"""One form field for every source: questionnaires, the verification form, Django forms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm, CheckboxInput, PasswordInput
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.html import escape
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from gate.questions import QuestionView

_INPUT_TYPES = {"date": "date", "email": "email", "password": "password", "tel": "tel"}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """The field is only for users who gave `value` in the field `name`, labelled `label`."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the templates render it.

    `kind`: text, long_text, single, multiple, select, number, date, email, password, checkbox, file. `error`
    is what is wrong with the input, `reviewer` a reviewer's reason from the last decision, `hint` is HTML of
    our own. `focus` puts the cursor there when the page opens. `sometimes`: required of some users, as the
    hint explains; then the field is not called optional. `when`: shown as a sentence to browsers without
    scripts; site/js/conditions.js shows and hides. `suggestions` are offered while typing.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    reviewer: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = field(default=())
    autocomplete: str = ""
    accept: str = ""
    max_length: int | None = None
    focus: bool = False
    sometimes: bool = False
    when: When | None = None
    suggestions: tuple[str, ...] = ()
    whole_number: bool = False

    @property
    def id(self) -> str:
        return f"f-{self.name}"

    @property
    def input_type(self) -> str:
        return _INPUT_TYPES.get(self.kind, "text")

    @property
    def described_by(self) -> str:
        """The ids of the texts that describe the control, for screen readers."""
        parts = {"when": self.when, "hint": self.hint, "reviewer": self.reviewer, "error": self.error}
        return " ".join(f"{self.id}-{part}" for part, text in parts.items() if text)


def question_fields(
    questions: Iterable[QuestionView],
    given: Mapping[str, str | list[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Field]:
    """The questions of a step with the answers given so far and their errors."""
    given, errors = given or {}, errors or {}
    questions = list(questions)
    texts = {question.key: question.text for question in questions}
    made = []
    for question in questions:
        condition = question.condition
        value = given.get(question.key, "")
        chosen = value if isinstance(value, list) else [value]
        made.append(
            Field(
                name=question.key,
                label=question.text,
                kind=question.kind,
                value=value if isinstance(value, str) else "",
                hint=escape(" ".join(filter(None, (question.hint, number_hint(question))))),
                whole_number=question.whole_number,
                error=errors.get(question.key, ""),
                required=question.required and condition is None,
                sometimes=question.required and condition is not None,
                when=When(condition.question, condition.value, texts.get(condition.question, ""))
                if condition is not None
                else None,
                suggestions=question.suggestions,
                choices=tuple(Choice(text, text, text in chosen) for text in question.choices),
            )
        )
    return focused(made)


def number_hint(question: QuestionView) -> str:
    """A sentence with the bounds of a number; empty without bounds."""
    low, high = (
        None if bound is None else number_format(bound) for bound in (question.minimum, question.maximum)
    )
    bounds = {"low": low, "high": high}
    if low is not None and high is not None:
        words = _("From %(low)s to %(high)s.") % bounds
    elif low is not None:
        words = _("At least %(low)s.") % bounds
    else:
        words = _("At most %(high)s.") % bounds if high is not None else ""
    return " ".join(filter(None, (words, _("Whole numbers only.") if question.whole_number else "")))


def form_fields(form: BaseForm) -> list[Field]:
    """The visible fields of a Django form (allauth's)."""
    return focused([_from_bound(bound) for bound in form.visible_fields()])


def focused(fields: list[Field]) -> list[Field]:
    """The same fields with the cursor on the first one that has an error."""
    first = next((one for one in fields if one.error), None)
    return [replace(one, focus=True) if one is first else one for one in fields]


def wrong(fields: Iterable[Field]) -> list[Field]:
    """The fields with an error, for the summary above the form."""
    return [one for one in fields if one.error]


def _from_bound(bound: Any) -> Field:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        kind = "checkbox"
    elif isinstance(widget, PasswordInput):
        kind = "password"
    else:
        kind = "email" if getattr(widget, "input_type", "") == "email" else "text"
    value = "" if kind == "password" else bound.value()
    return Field(
        name=bound.html_name,
        label=str(bound.label),
        kind=kind,
        value="" if value in (None, False) else str(value),
        hint=str(bound.help_text or ""),
        error=" ".join(str(message) for message in bound.errors),
        required=bound.field.required,
        autocomplete=str(widget.attrs.get("autocomplete", "")),
    )


def sent_twice(data: QueryDict, several: Collection[str] = ()) -> list[str]:
    """Names of single-valued fields that the form holds more than once."""
    return [name for name in data if name not in several and len(data.getlist(name)) > 1]
