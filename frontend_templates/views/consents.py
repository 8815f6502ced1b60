"""The reader's consent decisions: receipts to read, print and check, and withdrawal."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from api.consents import verdict_answer
from api.parsers import read_json
from api.problems import Problem
from api.responses import PRIVATE
from frontend_templates.addresses import post_or_back_to
from frontend_templates.views.gate import SURFACE, context_of
from frontend_templates.views.reading import page
from gate.consent import key_id, receipt_of, record_of, withdraw_consent
from gate.errors import GateError, UnknownConsent
from gate.models import User

LONGEST_RECEIPT = 256 * 1024  # bytes, as in the API


@login_required
@require_safe
def receipt(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """One receipt with the exact text that was shown, to read and print. 404 for another user's."""
    try:
        record = record_of(cast(User, request.user), consent_id)
    except UnknownConsent as error:
        raise Http404 from error
    context = {"record": record, "receipt": receipt_of(record), "notice": record.version, "key_id": key_id()}
    return page(request, "account/receipt.html", context, cache_control=PRIVATE)


@login_required
@post_or_back_to("site:me")
def withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Withdraw a consent with one tap, as agreeing took. Whatever depended on it closes at once."""
    try:
        withdraw_consent(
            user=cast(User, request.user), consent=consent_id, surface=SURFACE, context=context_of(request)
        )
    except GateError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Withdrawn. What depended on it is closed from now on."))
    return redirect("site:me")


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a receipt, pasted or as a file. Nothing of it is stored."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        text = _given(request)
        document = _document(text)
        context = {"text": text, "verdict": verdict_answer(document).data if document is not None else None}
        if document is None:
            context["error"] = _(
                "This is not a receipt: paste the whole file, from the first { to the last }."
            )
    status = 422 if "error" in context else 200
    return page(request, "account/verify_receipt.html", context, status=status, cache_control=PRIVATE)


def _given(request: HttpRequest) -> str:
    """The file if there is one, else the text."""
    upload = request.FILES.get("file")
    if upload is not None:
        return upload.read(LONGEST_RECEIPT + 1).decode("utf-8", errors="replace")
    return request.POST.get("receipt", "")


def _document(text: str) -> dict[str, Any] | None:
    """The JSON object; None for anything else.

    A name given twice is refused: programs differ in which of the two they show.
    """
    if len(text.encode("utf-8", errors="replace")) > LONGEST_RECEIPT:
        return None
    try:
        found = read_json(text)
    except (ValueError, RecursionError, Problem):
        return None
    return found if isinstance(found, dict) else None
