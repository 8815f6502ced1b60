"""The forms of the desk. A form offers its own fields and nothing else reaches the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gate.admin.desk.labels import label_of
from gate.admin.desk.reasons import CANNED_REASONS, OTHER, REASON_BY_CODE
from gate.models import User, Verification
from gate.people.reviewing import colleagues
from gate.verification.casework import LONGEST_TEXT
from gate.verification.decisions import LONGEST_TERM, USUAL_TERM
from gate.verification.form import FILES_FIELD
from gate.verification.revocations import LONGEST_REASON
from gate.verification.status import INPUT_FIELDS

NOTE_MAX_LENGTH = 200
WORDS_MAX_LENGTH = 1000


class DecisionForm(forms.Form):
    """`seen` is the last event of the case that the page showed: a decision on anything newer is refused."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(DecisionForm):
    """Bounds of the override come from the services; empty means the usual term."""

    expires_on = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_approve_%s", **kwargs})
        usual = timezone.localdate() + USUAL_TERM
        # The day counts to its end, and the end has to lie within the term.
        self.latest = latest = timezone.localdate() + LONGEST_TERM - dt.timedelta(days=1)
        field = self.fields["expires_on"]
        field.initial = usual
        field.help_text = gettext("Usually %(usual)s. A later day than %(latest)s is not possible.") % {
            "usual": usual.isoformat(),
            "latest": latest.isoformat(),
        }
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        field.widget.attrs |= {"min": tomorrow.isoformat(), "max": latest.isoformat()}

    def clean_expires_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["expires_on"]
        if day and not timezone.localdate() < day <= self.latest:
            raise forms.ValidationError(
                gettext("Choose a day after today and not after %(latest)s.")
                % {"latest": self.latest.isoformat()}
            )
        return day

    @property
    def expires_at(self) -> dt.datetime | None:
        """The end of the chosen day; None for the usual term."""
        day = self.cleaned_data["expires_on"]
        return timezone.make_aware(dt.datetime.combine(day, dt.time.max)) if day else None


class ConfirmForm(DecisionForm):
    """Decide as the first reviewer proposed: nothing to fill in."""


class AskForm(DecisionForm):
    """A question to the applicant, in the reviewer's own words."""

    question = forms.CharField(
        label=_("Your question"),
        help_text=_("The applicant reads it as you write it, and can answer with text and new files."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "data-desk-sheet-target": "first"}),
        error_messages={"required": _("Write what you need to know.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_ask_%s", **kwargs})


class HandOverForm(DecisionForm):
    """To which reviewer of the zone, and a note for them."""

    note = forms.CharField(
        label=_("Note for your colleague"),
        help_text=_("Reviewers only; the applicant never sees it."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason for the hand-over.")},
    )

    def __init__(self, *args: Any, case: Verification, reviewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_hand_over_%s", **kwargs})
        choose = _("Choose a colleague.")
        self.fields["to"] = forms.ModelChoiceField(
            label=_("To"),
            queryset=colleagues(reviewer, case),
            empty_label=_("Please choose"),
            widget=forms.Select(attrs={"data-desk-sheet-target": "first"}),
            error_messages={"required": choose, "invalid_choice": choose},
        )

    @property
    def has_colleagues(self) -> bool:
        """False where no other reviewer may take the case: there is nothing to choose then."""
        return bool(self.fields["to"].queryset.exists())  # type: ignore[attr-defined]


class RevokeForm(DecisionForm):
    """The reason to end an approval; the second reviewer and then the applicant read it."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The second reviewer reads it, and the applicant once it is confirmed."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "data-desk-sheet-target": "first"}),
        error_messages={"required": _("Give the reason why the approval should end.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_revoke_%s", **kwargs})


class NoteForm(forms.Form):
    """For the reviewers of the zone."""

    text = forms.CharField(
        label=_("Internal note"),
        help_text=_("Reviewers only; the applicant never sees it. A note cannot be changed afterwards."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "data-desk-sheet-target": "first"}),
        error_messages={"required": _("Write something.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_note_%s", **kwargs})


class RejectForm(DecisionForm):
    """A canned reason or one in the reviewer's own words, and notes beside fields.

    After is_valid(), `reason` is the sentence for the reader and `field_reasons` maps fields to notes;
    canned sentences are in the reader's language. A reviewer who has not `looked` at every file gets only
    the reasons that do not depend on the files, and no text field.
    """

    canned = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            *[(reason.code, reason.text) for reason in CANNED_REASONS],
            (OTHER, _("Another reason, in my own words")),
        ],
        widget=forms.RadioSelect(attrs={"data-desk-sheet-target": "first"}),
        error_messages={"required": _("Choose a reason: the applicant has to know what to correct.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Shown to the applicant below the reason."),
        required=False,
        max_length=WORDS_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, case: Verification, looked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_reject_%s", **kwargs})
        self.case, self.looked = case, looked
        if not looked:
            del self.fields["words"]
            self.fields["canned"].choices = [  # type: ignore[attr-defined]
                (reason.code, reason.text) for reason in CANNED_REASONS if not reason.from_files
            ]
            return
        labels = {name: label_of(name) for name in INPUT_FIELDS}
        for name, label in (labels | {FILES_FIELD: _("credentials")}).items():
            note = forms.CharField(label=label, required=False, max_length=NOTE_MAX_LENGTH)
            self.fields[f"note_{name}"] = note

    @property
    def notes(self) -> list[forms.BoundField]:
        """The fields of the notes, in the order of the reader's form."""
        return [self[name] for name in self.fields if name.startswith("note_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.looked and data.get("canned") == OTHER and not data.get("words", "").strip():
            self.add_error("words", _("Give the reason in your own words."))
        return data

    @property
    def reason(self) -> str:
        """The canned sentence and the reviewer's text, one below the other."""
        parts = [self._canned_text(), self.cleaned_data.get("words", "").strip()]
        return "\n".join(part for part in parts if part)

    @property
    def field_reasons(self) -> dict[str, str]:
        """Notes by field. The canned reason stands beside its field unless the reviewer wrote there."""
        written = {
            name.removeprefix("note_"): note.strip()
            for name, note in self.cleaned_data.items()
            if name.startswith("note_") and note.strip()
        }
        canned = REASON_BY_CODE.get(self.cleaned_data["canned"])
        return ({canned.field: self._canned_text()} if canned else {}) | written

    def _canned_text(self) -> str:
        canned = REASON_BY_CODE.get(self.cleaned_data["canned"])
        with translation.override(self.case.user.locale):
            return str(canned.text) if canned else ""
