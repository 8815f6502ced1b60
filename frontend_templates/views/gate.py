"""The gate of a zone: shows the reader's current step and takes the decision or the answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from api.problems import Problem
from api.responses import PRIVATE
from api.zones import find_zone
from cms.models import ZonePage
from cms.selectors import head_of
from frontend_templates.addresses import article_id_in, gate_path, next_of, with_next
from frontend_templates.fields import question_fields, sent_twice, wrong
from frontend_templates.gate_screens import BEFORE, CONTEXT, ended, screen_for, step_number
from frontend_templates.kept_input import forget_kept_input, kept_input, mark_of, sign_in_and_come_back
from frontend_templates.views.reading import page
from gate import steps
from gate.decision import ConsentDecision, GateState, StepAnswer, StepState, access_of, forget_access
from gate.errors import GateError, InvalidAnswers, StaleVersion, UnknownStep
from gate.models import Question
from gate.questions import QuestionView
from gate.steps import Turn

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
        return show(request, state, chosen.screen, step=chosen)
    screen = screen_for(state, change="change" in request.GET)
    if screen is None:
        return redirect(destination(request, zone))
    before = BEFORE[screen](request, state) if screen in BEFORE else None
    return before if before is not None else show(request, state, screen)


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
    try:
        steps.take_step(
            user=request.user, zone_id=zone.pk, step_id=step_id, read=lambda turn: _read(request, turn)
        )
    except Garbled:
        messages.warning(request, _("Your form could not be read. Please send it again."))
    except UnknownStep:
        messages.warning(request, _("This step is no longer part of the gate. Here is what comes next."))
    except InvalidAnswers as error:
        return _wrong(request, zone, step_id, error)
    except StaleVersion as error:
        return _changed(request, zone, step_id, error)
    except GateError as error:
        # Out of order, twice, or for a text that has changed: show the reason and the step that is next.
        messages.warning(request, error.message)
    forget_access(request)
    return redirect(back)


class Garbled(Exception):
    """A single-valued field arrived more than once. Which was meant must not be guessed: this is evidence."""


def _read(request: HttpRequest, turn: Turn) -> StepAnswer:
    """The values of the form, for every kind of step."""
    questions = turn.version.questions if turn.version is not None else []
    several = {item["key"] for item in questions if item["kind"] == Question.Kind.MULTIPLE}
    if sent_twice(request.POST, several):
        raise Garbled
    return StepAnswer(
        version_id=version_of(request),
        decision=request.POST.get("decision", ""),
        answers={
            key: request.POST.getlist(key) if key in several else request.POST.get(key, "")
            for key in (item["key"] for item in questions)
        },
        surface=SURFACE,
        context=context_of(request),
    )


def _wrong(request: HttpRequest, zone: ZonePage, step_id: int, error: InvalidAnswers) -> HttpResponse:
    """The form again, with what was given and what is wrong with it."""
    state = state_of(request, zone)
    step = next((step for step in state.steps if step.id == step_id), None)
    if step is None:
        messages.warning(request, error.message)
        return redirect(gate_path(zone.slug, destination(request, zone)))
    return show(request, state, step.screen, step=step, errors=error.fields)


def _changed(request: HttpRequest, zone: ZonePage, step_id: int, error: StaleVersion) -> HttpResponse:
    """The current text, with its differences from the one that was decided on."""
    state = state_of(request, zone)
    step = next((step for step in state.steps if step.id == step_id), None)
    if step is None or error.changes is None:
        messages.warning(request, error.message)
        return redirect(gate_path(zone.slug, destination(request, zone)))
    return show(
        request, state, step.screen, step=step, notice=error.message, changes=error.changes, status=409
    )


def _chosen(request: HttpRequest, state: GateState) -> StepState | None:
    """The text that the reader wants to decide on again."""
    return next(
        (
            step
            for step in state.steps
            if str(step.id) == request.GET.get("step") and step.decided not in (None, ConsentDecision.AGREED)
        ),
        None,
    )


def context_of(request: HttpRequest) -> str:
    """The origin of a decision; the gate stores a keyed hash of it only."""
    return f"{request.META.get('REMOTE_ADDR', '')} {request.headers.get('User-Agent', '')}"


def version_of(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def given_answers(form: QueryDict, questions: Iterable[QuestionView]) -> dict[str, str | list[str]]:
    """The posted answers by question key."""
    return {
        question.key: form.getlist(question.key)
        if question.kind == "multiple"
        else form.get(question.key, "")
        for question in questions
    }


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


def kept_words(request: HttpRequest, form: str, field: str) -> str:
    """The stored input of a form's single text field."""
    found = kept(request, form)
    return str(found.get(field, "")) if found is not None else ""


def show(
    request: HttpRequest,
    state: GateState,
    screen: str,
    *,
    step: StepState | None = None,
    instead: Any = None,
    errors: dict[str, str] | None = None,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    """One screen of the gate; with `errors`, the form again with all of its input.

    `instead` is shown in the place of a step; `more` goes into the template.
    """
    step = step or state.current
    target = next_of(request, f"/zones/{state.zone_slug}/")
    context: dict[str, Any] = {
        "state": state,
        "step": instead or step,
        "number": step_number(state),
        "case": state.verification,
        "next": target,
        "next_pair": with_next("", target)[1:],
        "back_label": _("Back to the article") if article_id_in(target) else _("Back"),
        "public_path": "/",
        "counts_down": "stay" not in request.GET,
        "reader_mark": mark_of(request.user),
    }
    if step is not None and step.questionnaire is not None and screen == step.screen:
        form = request.POST if errors is not None else kept(request, f"step {step.id}")
        given = given_answers(form, step.questionnaire.questions) if form is not None else None
        fields = question_fields(step.questionnaire.questions, given, errors)
        context |= {"fields": fields, "errors": wrong(fields)}
    elif screen in CONTEXT:
        context |= CONTEXT[screen](request, state)
    status = status or (422 if errors else 200)
    return page(request, f"gate/{screen}.html", context | more, status=status, cache_control=PRIVATE)


CONTEXT["ended"] = lambda request, state: {"ended": ended(state)}
