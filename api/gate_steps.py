"""Takes one step: the body is parsed strictly, the gate's services decide and store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api.gate_problems import gate_problems
from api.problems import unknown_fields
from api.shapes import ref
from gate.decision import Body, ConsentDecision, StepAnswer
from gate.steps import take_step

if TYPE_CHECKING:
    from cms.models import ZonePage
    from gate.models import User
    from gate.steps import Taken, Turn

SURFACE = "api"
REQUEST = {"application/json": {"oneOf": [ref("DecisionBody"), ref("AnswersBody"), ref("EnterBody")]}}
LARGEST_ID = 2**63 - 1


class StrictBody(serializers.Serializer):
    """A body with exactly the fields it declares: what the form does not offer is refused, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """The values; ValidationError naming each wrong and each unknown field."""
        refused = unknown_fields(name for name in data if name not in self.fields)
        unknown = {error.field: [ErrorDetail(error.message, error.code)] for error in refused}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            wrong = cast(dict[str, Any], error.detail)
            raise serializers.ValidationError(wrong | unknown) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return values


class DecisionBody(StrictBody):
    """A decision on an agreement. A withdrawal needs no version: it is of what was agreed to."""

    decision = serializers.ChoiceField(choices=[decision.value for decision in ConsentDecision])
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST_ID)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values; ValidationError for a decision without the version that it needs."""
        if attrs["decision"] != ConsentDecision.WITHDRAWN and attrs.get("version") is None:
            message = _("Send the version that was shown.")
            raise serializers.ValidationError({"version": ErrorDetail(message, "required")})
        return attrs


class AnswersBody(StrictBody):
    """Answers to a questionnaire, by question key."""

    version = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    answers = serializers.DictField(
        error_messages={"not_a_dict": gettext_lazy("Send an object: the answer to each question by its key.")}
    )


class EnterBody(StrictBody):
    """Nothing: everything is complete."""


BODIES: dict[Body, type[StrictBody]] = {
    Body.DECISION: DecisionBody,
    Body.ANSWERS: AnswersBody,
    Body.NOTHING: EnterBody,
}


def post_step(
    request: Request, user: User, zone: ZonePage, step_id: int, data: dict[str, Any], audience: str | None
) -> Taken:
    """Record what the reader decided, answered or entered. Problems as in gate_problems, and `invalid`."""

    def read(turn: Turn) -> StepAnswer:
        reader = BODIES[turn.kind.body or Body.NOTHING](data=data)
        reader.is_valid(raise_exception=True)
        given = reader.validated_data
        return StepAnswer(
            version_id=given.get("version"),
            decision=given.get("decision", ""),
            answers=given.get("answers", {}),
            surface=SURFACE,
            context=context_of(request),
        )

    with gate_problems(user, zone, audience, prefix="answers."):
        return take_step(user=user, zone_id=zone.pk, step_id=step_id, read=read)


def context_of(request: Request) -> str:
    """The origin of the decision; the gate stores a keyed hash of it only."""
    return f"{request.META.get('REMOTE_ADDR', '')} {request.META.get('HTTP_USER_AGENT', '')}"
