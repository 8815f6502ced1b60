"""The verification of a user, for all zones: the form, its submission, and its state."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from api.responses import PRIVATE
from frontend_templates.addresses import article_id_in, gate_path, next_of, with_next
from frontend_templates.fields import Field, sent_twice, wrong
from frontend_templates.gate_screens import BEFORE, CONTEXT, step_number
from frontend_templates.kept_input import forget_kept_input, keep_input, mark_of, sign_in_and_come_back
from frontend_templates.verification_form import (
    answer_fields,
    appeal_fields,
    profession_words,
    verification_fields,
)
from frontend_templates.views.gate import (
    SURFACE,
    context_of,
    kept,
    kept_words,
    live_zone,
    show,
    state_of,
    version_of,
)
from frontend_templates.views.reading import page
from gate.consent import CredentialConsent, credential_consent, decide_on_credentials
from gate.decision import CaseState, GateState
from gate.errors import AlreadyDecided, ConsentNeeded, DrawingBusy, GateError, InvalidAnswers, StaleVersion
from gate.verification import (
    ANSWER_FIELD,
    APPEAL_FIELD,
    FILES_FIELD,
    INPUT_FIELDS,
    CaseStatus,
    appeal,
    case_status,
    give_information,
    submit_verification,
)

OPEN = (CaseState.SUBMITTED, CaseState.IN_REVIEW)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Submit the applicant's answer to a reviewer's question, then show the state. GET redirects there."""
    here = _here(request, "site:verification")
    if request.method != "POST":
        return redirect(here)
    if not request.user.is_authenticated:
        return sign_in_and_come_back(request, here, form="answer")
    forget_kept_input(request)
    given = request.POST.get(ANSWER_FIELD, "")
    try:
        give_information(user=request.user, answer=given, files=request.FILES.getlist(FILES_FIELD))
    except InvalidAnswers as error:
        return _show_replies(request, "gate/question.html", answer_fields(given, error.fields))
    except ConsentNeeded as error:
        keep_input(request, "answer")
        return _show_consent(request, request.POST.get("zone", ""), status=409, notice=error.message)
    except DrawingBusy as error:
        fields = answer_fields(given, {FILES_FIELD: error.message})
        return _show_replies(request, "gate/question.html", fields, status=503)
    except GateError as error:
        messages.info(request, error.message)
    return _after(request)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_on_consent(request: HttpRequest) -> HttpResponse:
    """Record the decision on the use of credentials, then show the form or the text. GET redirects there."""
    here = _here(request, "site:verification")
    if not request.user.is_authenticated:
        return redirect_to_login(here)
    if request.method != "POST":
        return redirect(here)
    slug = request.POST.get("zone", "")
    try:
        decide_on_credentials(
            user=request.user,
            version_id=version_of(request),
            decision=request.POST.get("decision", ""),
            surface=SURFACE,
            context=context_of(request),
        )
    except StaleVersion as error:
        return _show_consent(request, slug, status=409, notice=error.message, changes=error.changes)
    except GateError as error:
        messages.warning(request, error.message)
    return _to_the_form(request, slug)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: HttpRequest) -> HttpResponse:
    """Submit an appeal against the rejection, then show the state. GET redirects there."""
    if not request.user.is_authenticated:
        return sign_in_and_come_back(request, _here(request, "site:verification_appeal"), form="appeal")
    if request.method != "POST":
        case = case_status(request.user, now=timezone.now())
        if case is None or case.appeal_until is None:
            return redirect(_here(request, "site:verification"))
        fields = appeal_fields(kept_words(request, "appeal", APPEAL_FIELD))
        return _show_replies(request, "gate/appeal.html", fields, status=200)
    forget_kept_input(request)
    given = request.POST.get(APPEAL_FIELD, "")
    try:
        appeal(user=request.user, reason=given)
    except InvalidAnswers as error:
        return _show_replies(request, "gate/appeal.html", appeal_fields(given, error.fields))
    except GateError as error:
        messages.info(request, error.message)
    return _after(request)


def _here(request: HttpRequest, name: str) -> str:
    """The address of that view, with the zone and the article that the reader came from."""
    slug = request.POST.get("zone") or request.GET.get("zone") or ""
    query = {"zone": slug, "next": next_of(request, "")}
    given = urlencode({key: value for key, value in query.items() if value})
    return reverse(name) + (f"?{given}" if given else "")


def _to_the_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the form, for a first request or a change; the way back is kept."""
    if slug:
        return redirect(gate_path(slug, next_of(request, f"/zones/{slug}/")))
    return redirect(
        reverse("site:verification") + "?" + urlencode({"change": "1", "next": next_of(request, "/me/")})
    )


def _after(request: HttpRequest) -> HttpResponse:
    slug = request.POST.get("zone", "")
    return redirect(gate_path(slug, next_of(request, "/me/")) if slug else "site:verification")


def _show_replies(
    request: HttpRequest, template: str, fields: list[Field], *, status: int = 422
) -> HttpResponse:
    """The answer form, with its errors if there are any."""
    slug = request.POST.get("zone") or request.GET.get("zone") or ""
    context = _context(request, slug) | {"fields": fields, "errors": wrong(fields)}
    return page(request, template, context, status=status, cache_control=PRIVATE)


@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    """The form, or the verification's state. With `zone`, the reader returns to its gate afterwards.

    With `change` a recognised user gets the form, filled with the approved statement.
    """
    slug = request.POST.get("zone") or request.GET.get("zone") or ""
    zone = live_zone(slug) if slug else None
    if not request.user.is_authenticated:
        here = _here(request, "site:verification") if request.method == "POST" else request.get_full_path()
        return sign_in_and_come_back(request, here, form="verification")
    if request.method != "POST":
        return _show(request, slug)
    forget_kept_input(request)
    given = {name: request.POST.get(name, "") for name in INPUT_FIELDS}
    if repeated := sent_twice(request.POST):
        return _show(request, slug, given, dict.fromkeys(repeated, _("Send this field once.")))
    try:
        submit_verification(
            user=request.user, data=given, files=request.FILES.getlist(FILES_FIELD), zone=zone
        )
    except InvalidAnswers as error:
        return _show(request, slug, given, error.fields)
    except ConsentNeeded as error:
        keep_input(request, "verification")
        return _show_consent(request, slug, status=409, notice=error.message)
    except DrawingBusy as error:
        return _show(request, slug, given, {FILES_FIELD: error.message}, status=503)
    except AlreadyDecided as error:
        messages.info(request, error.message)
    except GateError as error:
        messages.warning(request, error.message)
    target = next_of(request, "/me/")
    return redirect(gate_path(slug, target) if slug else "site:verification")


def _show(
    request: HttpRequest,
    slug: str,
    given: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    context = _context(request, slug)
    case = context["case"]
    sent = kept_form(request) if given is None else None
    template = _template(case, errors, change="change" in request.GET or sent is not None)
    if template == "gate/question.html":
        context["fields"] = answer_fields(kept_words(request, "answer", ANSWER_FIELD))
    if template == "gate/verification.html":
        consent = credential_consent(request.user, now=timezone.now())
        if not consent.given:
            return _show_consent(request, slug, consent)
        fields = verification_fields(case, given or sent, errors)
        context["profession_words"] = profession_words()
        context |= {"fields": fields, "errors": wrong(fields)}
    return page(request, template, context, status=status if errors else 200, cache_control=PRIVATE)


def _show_consent(
    request: HttpRequest,
    slug: str,
    consent: CredentialConsent | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The text on the use of credentials, in the place of the form."""
    consent = consent or credential_consent(request.user, now=timezone.now())
    context = _context(request, slug) | {"step": consent} | more
    template = f"gate/{consent_screen(consent)}.html"
    return page(request, template, context, status=status, cache_control=PRIVATE)


def _context(request: HttpRequest, slug: str) -> dict[str, Any]:
    """The context that every screen of the verification needs."""
    target = next_of(request, f"/zones/{slug}/" if slug else "/me/")
    context: dict[str, Any] = {
        "case": case_status(request.user, now=timezone.now()),
        "next": target,
        "back_label": _("Back to the article") if article_id_in(target) else _("Back"),
        "next_pair": with_next("", target)[1:],
        "public_path": "/",
        "reader_mark": mark_of(request.user),
    }
    if slug:
        state = state_of(request, live_zone(slug))
        context |= {"state": state, "number": step_number(state)}
    return context


def _template(case: CaseStatus | None, errors: dict[str, str] | None, *, change: bool) -> str:
    if case is not None and case.question is not None and errors is None:
        return "gate/question.html"
    if case is not None and case.state in OPEN and errors is None:
        return "gate/pending.html"
    if case is not None and case.state == CaseState.APPROVED and errors is None and not change:
        return "gate/approved.html"
    return "gate/verification.html"


def kept_form(request: HttpRequest) -> dict[str, str] | None:
    """What was sent with the form when the session had ended."""
    found = kept(request, "verification")
    return {name: str(found.get(name, "")) for name in INPUT_FIELDS} if found is not None else None


def consent_screen(consent: CredentialConsent) -> str:
    """The template's name: the text to decide on, or that there is none."""
    return "credential_consent" if consent.agreement is not None else "credential_closed"


def _consent_first(request: HttpRequest, state: GateState) -> HttpResponse | None:
    """Before the form: the consent to the use of credentials."""
    consent = credential_consent(request.user, now=timezone.now())
    return None if consent.given else show(request, state, consent_screen(consent), instead=consent)


def _form_context(request: HttpRequest, state: GateState) -> dict[str, Any]:
    return {
        "profession_words": profession_words(),
        "fields": verification_fields(state.verification, kept_form(request)),
    }


def _question_context(request: HttpRequest, state: GateState) -> dict[str, Any]:
    return {"fields": answer_fields(kept_words(request, "answer", ANSWER_FIELD))}


BEFORE["verification"] = _consent_first
CONTEXT["verification"] = _form_context
CONTEXT["question"] = _question_context
