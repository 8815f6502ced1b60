"""Shows a credential: a POST that records the look, then one picture at one address, once."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic.base import View
from wagtail.admin import messages

from gate.admin.desk.access import OfOneCase
from gate.admin.desk.pictures import CONTENT_TYPE, NotAPicture, reviewers_copy
from gate.errors import GateError
from gate.models import Credential
from gate.verification.decisions import claim
from gate.verification.files.credentials import record_look, show_look

# Every look needs a reason; at the desk it is always this one.
REASON = "deciding the case"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'attachment; filename="credential.jpg"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


class OfOneCredential(OfOneCase):
    """Below one credential. The credential of another case does not exist here (404)."""

    @cached_property
    def credential(self) -> Credential:
        kept = self.case.credentials.filter(deleted_at=None)
        return get_object_or_404(kept, uuid=self.kwargs["credential"])


class RevealView(OfOneCredential, View):
    """Claim the case if it is free, record the look, and redirect to the case with it in the address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        address = reverse("gate_desk:case", args=[self.case.uuid])
        credential = self.credential
        try:
            claim(case=self.case, reviewer=self.reviewer)
            look = record_look(credential=credential, case=self.case, reviewer=self.reviewer, reason=REASON)
        except GateError as refusal:
            messages.error(request, refusal.message)
            return redirect(address)
        return redirect(f"{address}?look={look.pk}#file")


class LookView(OfOneCredential, View):
    """The reviewer's copy, once. Without a pending look of this reviewer there is nothing at this address."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            copy = show_look(
                look=self.kwargs["look"],
                credential=self.credential,
                case=self.case,
                reviewer=self.reviewer,
                draw=self._copy,
            )
        except (GateError, FileNotFoundError, NotAPicture) as error:
            raise Http404 from error
        return HttpResponse(copy, content_type=CONTENT_TYPE, headers=HEADERS)

    def _copy(self, original: bytes) -> bytes:
        return reviewers_copy(
            original, self.credential.content_type, reviewer=self.reviewer, at=timezone.now()
        )
