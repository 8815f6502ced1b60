"""Screens for acts on a case that do not decide it: a question, a hand-over, a note."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from gate.admin.desk.decisions import DecisionView
from gate.admin.desk.forms import AskForm, HandOverForm, NoteForm
from gate.admin.desk.standing import standing_of
from gate.errors import GateError
from gate.verification.casework import add_note, hand_over, request_information


class AskView(DecisionView):
    """The case goes to the applicant and the reviewer to the next case."""

    form_name = "ask_form"

    def make_form(self, request: HttpRequest) -> AskForm:
        return AskForm(request.POST)

    def decide(self, form: AskForm) -> str:
        words = form.cleaned_data
        request_information(
            case=self.case, reviewer=self.reviewer, question=words["question"], seen=words["seen"]
        )
        said = _("%(name)s was asked. The case comes back to you with the answer.")
        return said % {"name": self.case.full_name}


class HandOverView(DecisionView):
    form_name = "hand_over_form"

    def make_form(self, request: HttpRequest) -> HandOverForm:
        return HandOverForm(request.POST, case=self.case, reviewer=self.reviewer)

    def decide(self, form: HandOverForm) -> str:
        words = form.cleaned_data
        hand_over(
            case=self.case, reviewer=self.reviewer, to=words["to"], note=words["note"], seen=words["seen"]
        )
        return _("%(name)s was handed over to %(to)s.") % {"name": self.case.full_name, "to": words["to"]}


class NoteView(DecisionView):
    """Every reviewer of the zone may leave a note, even on another's case, and stays on its page."""

    form_name = "note_form"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = NoteForm(request.POST)
        if not standing_of(self.case, self.reviewer).can_note:
            return self._refuse(_("This case is not yours to decide."))
        if not form.is_valid():
            return self._show_again(form)
        try:
            add_note(case=self.case, reviewer=self.reviewer, text=form.cleaned_data["text"])
        except GateError as refusal:
            return self._refuse(refusal.message)
        messages.success(request, _("The note is on the case."))
        return redirect("gate_desk:case", case=self.case.uuid)
