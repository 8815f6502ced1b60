"""Claiming, releasing and deciding a case. Every view is a POST that ends in a redirect."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.generic.base import View
from wagtail.admin import messages

from gate.admin.desk.access import OfOneCase, ReviewerRequired, user
from gate.admin.desk.case import CaseView
from gate.admin.desk.cases import next_for
from gate.admin.desk.forms import ApproveForm, ConfirmForm, RejectForm
from gate.admin.desk.skipping import skip, skipped
from gate.admin.desk.standing import standing_of
from gate.errors import GateError
from gate.models import User, Verification
from gate.people.reviewing import reviewable_cases
from gate.verification.decisions import approve, claim, confirm, reject, release
from gate.verification.files.looks import unseen_files

# Several reviewers who press "next" at once claim different cases; more failures than this are an error.
CLAIMS_TRIED = 20


class ClaimView(OfOneCase, View):
    """Claim the case: its file and its decision are then this reviewer's."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            claim(case=self.case, reviewer=self.reviewer)
        except GateError as refusal:
            messages.error(request, refusal.message)
        return redirect("gate_desk:case", case=self.case.uuid)


class ReleaseView(OfOneCase, View):
    """Release the case; it keeps its place in the queue."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            release(case=self.case, reviewer=self.reviewer)
        except GateError as refusal:
            messages.error(request, refusal.message)
            return redirect("gate_desk:case", case=self.case.uuid)
        messages.success(request, _("%(name)s is back in the queue.") % {"name": self.case.full_name})
        return redirect("gate_desk:queue")


class NextCaseView(ReviewerRequired, View):
    """Release the case on the screen (`after`) if it is undecided, and claim the next free one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        here = self._here(request)
        if here is not None:
            skip(request, here)
        if here is not None and standing_of(here, self.reviewer).can_decide:
            try:
                release(case=here, reviewer=self.reviewer)
            except GateError:  # decided or claimed meanwhile: there is nothing left to release
                here.refresh_from_db()
        return open_next(request, after=here)

    def _here(self, request: HttpRequest) -> Verification | None:
        try:
            wanted = UUID(request.POST.get("after", ""))
        except ValueError:
            return None
        return reviewable_cases(self.reviewer).filter(uuid=wanted).first()


class DecisionView(OfOneCase, View):
    """A decision on a case that this reviewer has claimed. Of two at once one wins, the other gets a
    message.

    A form with errors is shown again on the page of the case (422).
    """

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The script that sent a sheet gets JSON: the next address, or the sheet alone."""
        response = super().dispatch(request, *args, **kwargs)
        if by_script(request) and isinstance(response, HttpResponseRedirect):
            answer = JsonResponse({"location": response.url})
            answer["Cache-Control"] = response["Cache-Control"]
            return answer
        return response

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not getattr(standing_of(self.case, self.reviewer), self.permission):
            return self._refuse(_why_not(self.case, self.reviewer))
        form = self.make_form(request)
        if not form.is_valid():
            return self._show_again(form)
        try:
            said = self.decide(form)
        except GateError as refusal:
            return self._refuse(refusal.message)
        messages.success(request, said)
        return self.go_on(request)

    # The name of the form in the context of the page, and the field of Standing that allows the act.
    form_name = ""
    permission = "can_decide"

    def go_on(self, request: HttpRequest) -> HttpResponse:
        """Redirect the reviewer after the act."""
        return open_next(request, after=self.case)

    def make_form(self, request: HttpRequest) -> Any:
        raise NotImplementedError

    def decide(self, form: Any) -> str:
        """Store the decision; returns the message about it."""
        raise NotImplementedError

    def _refuse(self, why: str) -> HttpResponse:
        messages.error(self.request, why)
        return redirect("gate_desk:case", case=self.case.uuid)

    def _show_again(self, form: Any) -> HttpResponse:
        if by_script(self.request):
            sheet = f"gate/desk/case/{self.form_name.removesuffix('_form')}.html"
            context = {"case": self.case, "form": form, "url": self.request.path, "sendable": "yes"}
            return TemplateResponse(self.request, sheet, context, status=422)
        page = CaseView(refused_form=(self.form_name, form))
        page.setup(self.request, **self.kwargs)
        response = page.render_to_response(page.get_context_data())
        response.status_code = 422
        return response


class ApproveView(DecisionView):
    form_name = "approve_form"

    def make_form(self, request: HttpRequest) -> ApproveForm:
        return ApproveForm(request.POST)

    def decide(self, form: ApproveForm) -> str:
        row = approve(
            case=self.case,
            reviewer=self.reviewer,
            expires_at=form.expires_at,
            seen=form.cleaned_data["seen"],
        )
        return outcome_of(row)


class RejectView(DecisionView):
    form_name = "reject_form"

    def make_form(self, request: HttpRequest) -> RejectForm:
        return RejectForm(request.POST, case=self.case, looked=not unseen_files(self.case, self.reviewer))

    def decide(self, form: RejectForm) -> str:
        row = reject(
            case=self.case,
            reviewer=self.reviewer,
            reason=form.reason,
            field_reasons=form.field_reasons,
            seen=form.cleaned_data["seen"],
            from_files=form.looked,
        )
        return outcome_of(row)


class ConfirmView(DecisionView):
    def make_form(self, request: HttpRequest) -> ConfirmForm:
        return ConfirmForm(request.POST)

    def decide(self, form: ConfirmForm) -> str:
        return outcome_of(confirm(case=self.case, reviewer=self.reviewer, seen=form.cleaned_data["seen"]))

    def _show_again(self, form: ConfirmForm) -> HttpResponse:
        return self._refuse(_("This case has changed since you opened it. Please look at it again."))


def by_script(request: HttpRequest) -> bool:
    """True for a sheet that the page's script sent (review-desk.js): the page is still there."""
    return request.headers.get("X-Desk-Sheet") == "1"


def outcome_of(row: Verification) -> str:
    """The message about a decision and its effect."""
    words = {
        Verification.State.APPROVED: _("%(name)s is approved."),
        Verification.State.REJECTED: _("%(name)s is rejected and was notified of the reason."),
    }
    proposed = _("Your decision on %(name)s is kept; another reviewer has to confirm it.")
    return words.get(Verification.State(row.state), proposed) % {"name": row.full_name}


def open_next(request: HttpRequest, *, after: Verification | None) -> HttpResponse:
    """Claim the free case that has waited longest and redirect there; to the queue when there is none."""
    reviewer = user(request)
    for case in next_for(reviewer, besides=after, skipped=skipped(request))[:CLAIMS_TRIED]:
        try:
            claim(case=case, reviewer=reviewer)
        except GateError:  # another reviewer was faster
            continue
        return redirect("gate_desk:case", case=case.uuid)
    messages.info(request, _("No other case is waiting."))
    return redirect("gate_desk:queue")


def _why_not(case: Verification, viewer: User) -> str:
    standing = standing_of(case, viewer)
    if standing.can_claim:
        return _("Take this case before you decide it.")
    return standing.status
