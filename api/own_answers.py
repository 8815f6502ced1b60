"""`/api/v1/me/answers`: a user's answers to profile and survey questions, and their correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from api import scopes
from api.gate_json import moment, questions_json
from api.gate_problems import gate_problems
from api.gate_steps import StrictBody
from api.resource import Resource
from api.responses import ApiResponse, api_response
from api.schema import operation
from api.shapes import ref
from gate.questions import AnswersEntry, Given, answers_of, correct_answers

if TYPE_CHECKING:
    from gate.models import User


def own_answers_answer(user: User) -> ApiResponse:
    """`{"items": […]}`: one for each questionnaire in each zone, the newest answers first."""
    return api_response({"items": [_entry(entry) for entry in answers_of(user)]})


class CorrectionBody(StrictBody):
    """All answers of the questionnaire as they should be, by question key."""

    answers = serializers.DictField(
        error_messages={"not_a_dict": gettext_lazy("Send an object: the answer to each question by its key.")}
    )


class OwnAnswersView(Resource):
    """The answers of the user behind the session or token."""

    scopes = {"GET": scopes.ACCOUNT_READ}
    account_needed = frozenset({"GET"})

    @operation("own_answers_list", "See what you answered", "OwnAnswers", tag="account",
               problems=("not_authenticated",))  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """The answers that count with their questions, those before them, and the way to correct them."""
        return self.respond(own_answers_answer(self.user))


class AnswersCorrectionView(Resource):
    """The correction of one set of answers."""

    scopes = {"POST": scopes.ACCOUNT_WRITE}
    account_needed = frozenset({"POST"})

    @operation(
        "own_answers_correct",
        "Correct what you answered",
        "OwnAnswers",
        tag="account",
        request={"application/json": ref("CorrectionBody")},
        problems=("not_authenticated", "csrf_failed", "malformed", "invalid", "not_found", "already_decided",
                  "too_large", "unsupported_media_type"),
    )  # fmt: skip
    def post(self, request: Request, answers_id: UUID) -> HttpResponse:
        """A new version with these answers; the one before is kept. Answers with the list.

        Send every answer, not only what changes; conditions between questions apply as they did at the gate.
        No zone closes meanwhile. A version that a newer one replaced is a 409: correct the newest. Sent
        unchanged, nothing is written.
        """
        body = CorrectionBody(data=request.data)
        body.is_valid(raise_exception=True)
        with gate_problems(self.user, None, prefix="answers."):
            correct_answers(user=self.user, given=answers_id, answers=body.validated_data["answers"])
        return self.respond(own_answers_answer(self.user))


def _entry(entry: AnswersEntry) -> dict[str, Any]:
    in_zone = {"slug": entry.zone_slug, "title": entry.zone_title} if entry.zone_slug else None
    return {
        **_given(entry.current),
        "zone": in_zone,
        "kind": entry.kind,
        "questionnaire": questions_json(entry.questions),
        "correct": f"/api/v1/me/answers/{entry.current.id}/correction" if entry.correctable else None,
        "earlier": [_given(given) for given in entry.earlier],
    }


def _given(given: Given) -> dict[str, Any]:
    return {
        "id": str(given.id),
        "submitted_at": moment(given.submitted_at),
        "number": given.number,
        "answers": given.values,
    }
