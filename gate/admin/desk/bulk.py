"""Claiming several cases at once. Claiming only: each is opened and decided by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic.base import View
from wagtail.admin import messages

from gate.admin.desk.access import ReviewerRequired
from gate.errors import GateError
from gate.models import WAITS_SINCE, Verification
from gate.people.reviewing import reviewable_cases
from gate.verification.decisions import claim

# A page of the queue; no reviewer gets through more before the claims end.
MOST_AT_ONCE = 20


class BulkClaimView(ReviewerRequired, View):
    """Each case is claimed separately: one that another reviewer has claimed does not stop the others."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        cases = self._chosen(request)
        if not cases:
            messages.info(request, _("Choose the cases to take first."))
            return redirect("gate_desk:queue")
        refused = [case.full_name for case in cases if not self._claimed(case)]
        taken = len(cases) - len(refused)
        if taken:
            said = ngettext("%(n)s case is with you.", "%(n)s cases are with you.", taken) % {"n": taken}
            messages.success(request, said)
        if refused:
            messages.warning(request, _("Not taken: %(names)s.") % {"names": ", ".join(refused)})
        return redirect(f"{reverse('gate_desk:queue')}?state=mine")

    def _chosen(self, request: HttpRequest) -> list[Verification]:
        """In the order of the queue; values that are no uuid of a case are left out."""
        wanted = []
        for text in request.POST.getlist("case")[:MOST_AT_ONCE]:
            try:
                wanted.append(UUID(text))
            except ValueError:
                continue
        rows = reviewable_cases(self.reviewer).filter(uuid__in=wanted).select_related("user")
        return list(rows.order_by(WAITS_SINCE, "pk"))

    def _claimed(self, case: Verification) -> bool:
        try:
            claim(case=case, reviewer=self.reviewer)
        except GateError:
            return False
        return True
