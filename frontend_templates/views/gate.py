"""The gate of a zone: shows the reader's current step and takes the decision or the answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from api.answers import PRIVATE
from api.problems import Problem
from api.zones import find_zone
from cms.models import ZonePage
from cms.selectors import head_of
from frontend_templates.addresses import article_id_in, gate_path, next_of, with_next
from frontend_templates.fields import question_fields, sent_twice, wrong
from frontend_templates.gate_screens import BY_KIND, ended, screen_for, step_number
from frontend_templates.kept_input import forget_kept_input, kept_input, mark_of, sign_in_and_come_back
from frontend_templates.verification_form import answer_fields, profession_words, verification_fields
from frontend_templates.views.reading import page
from gate.consent import CredentialConsent, credential_consent, decide_agreement
from gate.decision import (
    ON_A_TEXT,
    Choice,
    GateState,
    QuestionView,
    StepKind,
    StepState,
    access_of,
    forget_access,
)
from gate.errors import GateError, InvalidAnswers, StaleVersion
from gate.models import User
from gate.questions import submit_answers
from gate.steps import enter
from gate.verification import ANSWER_FIELD, INPUT_FIELDS

SURFACE = "site"


@require_safe
def gate(request: HttpRequest, slug: str) -> HttpResponse:
    """The screen for the reader's state at the gate. `?next=` is where they came from and return to.

    `?step=` opens a text again that was not agreed to, to change the decision.
    """
    zone = live_zone(slug)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    state = state_of(request, zone)
    chosen = _chosen(request, state)
    if chosen is not None:
        return show(request, state, BY_KIND[chosen.kind], step=chosen)
    screen = screen_for(state, change="change" in request.GET)
    if screen == "verification":
        return show_form_or_consent(request, state)
    if screen is None:
        return redirect(destination(request, zone))
    return show(request, state, screen)


@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: HttpRequest, slug: str, step_id: int) -> HttpResponse:
    """Take one decision, or the answers of one step; then redirect to the next step. GET redirects, too."""
    zone = live_zone(slug)
    back = gate_path(slug, destination(request, zone))
    if request.method != "POST":
        return redirect(back)
    if not request.user.is_authenticated:
        return sign_in_and_come_back(request, back, form=f"step {step_id}")
    forget_kept_input(request)
    state = state_of(request, zone)
    step = next((step for step in state.steps if step.id == step_id), None)
    try:
        if step is not None and sent_twice(request.POST, several_of(step)):
            # Which of the two was meant must not be guessed: this is evidence.
            messages.warning(request, _("Your form arrived garbled. Please send it again."))
        elif step is None:
            messages.warning(request, _("This step is no longer part of the gate. Here is what comes next."))
        else:
            _take(request, zone, step)
    except InvalidAnswers as error:
        return show(request, state, "questions", step=cast(StepState, step), errors=error.fields)
    except StaleVersion as error:
        forget_access(request)
        return _changed(request, zone, step_id, error)
    except GateError as error:
        # Out of order, twice, or for a text that has changed: show the reason and the step that is next.
        messages.warning(request, error.message)
    forget_access(request)
    return redirect(back)


def _take(request: HttpRequest, zone: ZonePage, step: StepState) -> None:
    user = cast(User, request.user)
    version_id = version_of(request)
    match step.kind:
        case StepKind.AGREEMENT | StepKind.CONSENT | StepKind.SEPARATE_CONSENT:
            decide_agreement(
                user=user,
                step=step.rule,
                version_id=version_id,
                decision=request.POST.get("decision", ""),
                surface=SURFACE,
                context=context_of(request),
            )
        case StepKind.PROFILE | StepKind.SURVEY:
            submit_answers(
                user=user, step=step.rule, version_id=version_id, answers=answers_of(request.POST, step)
            )
        case StepKind.ENTER:
            enter(user=user, zone=zone)
        case StepKind.VERIFICATION:
            messages.warning(request, _("Please use the verification form."))


def _changed(request: HttpRequest, zone: ZonePage, step_id: int, error: StaleVersion) -> HttpResponse:
    """The current text, with its differences from the one that was decided on."""
    state = state_of(request, zone)
    step = next((step for step in state.steps if step.id == step_id), None)
    if step is None or error.changes is None:
        messages.warning(request, error.message)
        return redirect(gate_path(zone.slug, destination(request, zone)))
    return show(
        request, state, BY_KIND[step.kind], step=step, notice=error.message, changes=error.changes, status=409
    )


def _chosen(request: HttpRequest, state: GateState) -> StepState | None:
    """The text that the reader wants to decide on again."""
    return next(
        (
            step
            for step in state.steps
            if str(step.id) == request.GET.get("step")
            and step.kind in ON_A_TEXT
            and step.choice not in (None, Choice.AGREED)
        ),
        None,
    )


def context_of(request: HttpRequest) -> str:
    """The origin of a decision; the gate stores a keyed hash of it only."""
    return f"{request.META.get('REMOTE_ADDR', '')} {request.headers.get('User-Agent', '')}"


def version_of(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def answers_of(form: QueryDict, step: StepState) -> dict[str, str | list[str]]:
    """The form's values for the questions that were asked, and nothing else."""
    return given_answers(form, step.questionnaire.questions if step.questionnaire else ())


def given_answers(form: QueryDict, questions: Iterable[QuestionView]) -> dict[str, str | list[str]]:
    """The posted answers by question key."""
    return {
        question.key: form.getlist(question.key)
        if question.kind == "multiple"
        else form.get(question.key, "")
        for question in questions
    }


def several_of(step: StepState) -> set[str]:
    """The questions of a step that take more than one answer."""
    questions = step.questionnaire.questions if step.questionnaire else ()
    return {question.key for question in questions if question.kind == "multiple"}


def live_zone(slug: str) -> ZonePage:
    try:
        return find_zone(slug)
    except Problem as problem:
        raise Http404(problem.detail) from problem


def destination(request: HttpRequest, zone: ZonePage) -> str:
    return next_of(request, f"/zones/{zone.slug}/")


def state_of(request: HttpRequest, zone: ZonePage) -> GateState:
    """The gate's state for what the reader opens: an article's audience may be narrower than its zone's."""
    article_id = article_id_in(destination(request, zone))
    head = head_of(article_id) if article_id else None
    audience = head.audience if head is not None and head.zone_id == zone.pk else None
    return access_of(request).state(zone, audience)


def kept(request: HttpRequest, form: str) -> QueryDict | None:
    """The input that was stored when the session had ended; a message announces it."""
    found = kept_input(request, form)
    if found is not None:
        messages.info(
            request, _("You had been signed out. What you entered is still here; please send it again.")
        )
    return found


def kept_form(request: HttpRequest) -> dict[str, str] | None:
    """The stored input of the verification form."""
    found = kept(request, "verification")
    return {name: str(found.get(name, "")) for name in INPUT_FIELDS} if found is not None else None


def kept_words(request: HttpRequest, form: str, field: str) -> str:
    """The stored input of a form's single text field."""
    found = kept(request, form)
    return str(found.get(field, "")) if found is not None else ""


def show_form_or_consent(request: HttpRequest, state: GateState) -> HttpResponse:
    """The verification form; before it, the consent to the use of credentials."""
    consent = credential_consent(request.user, now=timezone.now())
    if consent.given:
        return show(request, state, "verification")
    return show(request, state, consent_screen(consent), consent=consent)


def consent_screen(consent: CredentialConsent) -> str:
    """The template's name: the text to decide on, or the page for a missing text."""
    return "credential_consent" if consent.agreement is not None else "credential_closed"


def show(
    request: HttpRequest,
    state: GateState,
    screen: str,
    *,
    step: StepState | None = None,
    consent: CredentialConsent | None = None,
    errors: dict[str, str] | None = None,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """One screen of the gate; with `errors`, the form again with all of its input.

    `consent` is shown in the place of a step; `more` is added to the template's context.
    """
    step = step or state.current
    target = next_of(request, f"/zones/{state.zone_slug}/")
    context: dict[str, Any] = {
        "state": state,
        "step": consent or step,
        "number": step_number(state),
        "case": state.verification,
        "next": target,
        "next_pair": with_next("", target)[1:],
        "back_label": _("Back to the article") if article_id_in(target) else _("Back"),
        "public_path": "/",
        "counts_down": "stay" not in request.GET,
        "reader_mark": mark_of(request.user),
    }
    if screen == "questions" and step is not None and step.questionnaire is not None:
        form = request.POST if errors is not None else kept(request, f"step {step.id}")
        given = answers_of(form, step) if form is not None else None
        fields = question_fields(step.questionnaire.questions, given, errors)
        context |= {"fields": fields, "errors": wrong(fields)}
    elif screen == "verification":
        context["profession_words"] = profession_words()
        context["fields"] = verification_fields(state.verification, kept_form(request))
    elif screen == "question":
        context["fields"] = answer_fields(kept_words(request, "answer", ANSWER_FIELD))
    elif screen == "ended":
        context["ended"] = ended(state)
    status = status or (422 if errors else 200)
    return page(request, f"gate/{screen}.html", context | more, status=status, cache_control=PRIVATE)
