"""Taking one step: the body is read strictly, the gate's services decide and write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api.gate_json import VERIFICATION_URL
from api.gate_problems import gate_problems
from api.problems import Problem, unknown_fields
from api.shapes import ref
from cms.audiences import Audience
from gate.consent import decide_agreement
from gate.decision import ENTER_STEP_ID, Access, Choice, StepKind, StepRule, required_steps
from gate.questions import submit_answers
from gate.steps import enter

if TYPE_CHECKING:
    from cms.models import ZonePage
    from gate.models import User

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

    decision = serializers.ChoiceField(choices=[choice.value for choice in Choice])
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST_ID)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The values; ValidationError for a decision that does not say on which version."""
        if attrs["decision"] != Choice.WITHDRAWN and attrs.get("version") is None:
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


def take_step(
    request: Request,
    user: User,
    zone: ZonePage,
    step_id: int,
    data: dict[str, Any],
    audience: str | None = None,
) -> None:
    """Write what the reader decided, answered or entered. Problems as in gate_problems, and `not_found`."""
    step = find_step(Access(user), zone, step_id)
    match step.kind:
        case StepKind.AGREEMENT | StepKind.CONSENT | StepKind.SEPARATE_CONSENT:
            body = _read(DecisionBody, data)
            with gate_problems(user, zone, audience):
                decide_agreement(
                    user=user,
                    step=step,
                    version_id=body.get("version"),
                    decision=body["decision"],
                    surface="api",
                    context=context_of(request),
                )
        case StepKind.PROFILE | StepKind.SURVEY:
            body = _read(AnswersBody, data)
            with gate_problems(user, zone, audience, prefix="answers."):
                submit_answers(user=user, step=step, version_id=body["version"], answers=body["answers"])
        case StepKind.ENTER:
            _read(EnterBody, data)
            with gate_problems(user, zone, audience):
                enter(user=user, zone=zone)
        case StepKind.VERIFICATION:
            message = _("Hand in the verification at %(address)s.") % {"address": VERIFICATION_URL}
            raise Problem("conflict", message)


def find_step(access: Access, zone: ZonePage, step_id: int) -> StepRule:
    """The step of this zone; Problem `not_found` for one of another zone."""
    if step_id == ENTER_STEP_ID:
        return StepRule(id=ENTER_STEP_ID, kind=StepKind.ENTER)
    for step in required_steps(access.rules(zone.pk, Audience.HCP)):
        if step.id == step_id:
            return step
    raise Problem("not_found")


def _read(body: type[StrictBody], data: dict[str, Any]) -> dict[str, Any]:
    reader = body(data=data)
    reader.is_valid(raise_exception=True)
    return reader.validated_data


def context_of(request: Request) -> str:
    """Where the decision came from; the gate keeps a keyed hash of it only."""
    return f"{request.META.get('REMOTE_ADDR', '')} {request.META.get('HTTP_USER_AGENT', '')}"
