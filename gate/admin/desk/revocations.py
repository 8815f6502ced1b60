"""Revoking an approval from the page of its case: one reviewer proposes, another confirms or declines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gate.admin.desk.decisions import DecisionView
from gate.admin.desk.forms import ConfirmForm, RevokeForm
from gate.verification.revocations import decline_revocation, propose_revocation, revoke


class RevocationView(DecisionView):
    """Base of the three; the reviewer stays on the page of the case."""

    def go_on(self, request: HttpRequest) -> HttpResponse:
        return redirect("gate_desk:case", case=self.case.uuid)

    def make_form(self, request: HttpRequest) -> Any:
        return ConfirmForm(request.POST)

    def _show_again(self, form: Any) -> HttpResponse:
        return self._refuse(_("This case has changed since you opened it. Please look at it again."))


class ProposeRevocationView(RevocationView):
    form_name = "revoke_form"
    permission = "can_revoke"

    def make_form(self, request: HttpRequest) -> RevokeForm:
        return RevokeForm(request.POST)

    def _show_again(self, form: RevokeForm) -> HttpResponse:
        return DecisionView._show_again(self, form)

    def decide(self, form: RevokeForm) -> str:
        words = form.cleaned_data
        propose_revocation(case=self.case, reviewer=self.reviewer, reason=words["reason"], seen=words["seen"])
        said = _("The revocation of %(name)s is proposed. It takes effect when another reviewer confirms it.")
        return said % {"name": self.case.full_name}


class ConfirmRevocationView(RevocationView):
    permission = "can_confirm_revocation"

    def decide(self, form: ConfirmForm) -> str:
        revoke(case=self.case, reviewer=self.reviewer, seen=form.cleaned_data["seen"])
        said = _("%(name)s is no longer recognised. Every zone closes to them with the next request.")
        return said % {"name": self.case.full_name}


class DeclineRevocationView(RevocationView):
    permission = "can_decline_revocation"

    def decide(self, form: ConfirmForm) -> str:
        decline_revocation(case=self.case, reviewer=self.reviewer, seen=form.cleaned_data["seen"])
        return _("The approval of %(name)s stays in force.") % {"name": self.case.full_name}
