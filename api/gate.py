"""`/api/v1/gate/zones/{slug}`: the reader's state at a zone's gate, and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from rest_framework.request import Request

from api import scopes
from api.gate_json import state_json
from api.gate_steps import REQUEST, post_step
from api.parameters import OneOf, Parameters
from api.resource import Resource
from api.responses import ApiResponse, api_response
from api.schema import operation
from api.zones import find_zone
from cms.audiences import Audience, strictest
from gate.decision import Access, forget_access

if TYPE_CHECKING:
    from cms.models import ZonePage


class GateParameters(Parameters):
    """The audience for which the gate is shown."""

    audience = OneOf(
        Audience.values,
        help_text="The audience of an article that is for fewer people than its zone. "
        "Never widens the zone's own.",
    )


def state_answer(access: Access, zone: ZonePage, audience: str | None = None) -> ApiResponse:
    """The gate as this reader sees it: decision, steps with their texts or questions, verification."""
    return api_response(state_json(access.state(zone, level_of(zone, audience))))


def level_of(zone: ZonePage, audience: str | None) -> str:
    """The audience before which the reader stands: an article's, where it is narrower than the zone's."""
    return strictest(zone.audience, audience or zone.audience)


class GateView(Resource):
    """The gate of one zone."""

    parameters = GateParameters
    scopes = {"GET": scopes.GATE_READ}

    @operation("gate_read", "See where a reader stands", "GateState", tag="gate", problems=("not_found",))
    def get(self, request: Request, slug: str) -> HttpResponse:
        """The decision, its reason, every step with its text or questions, and the verification.

        Anonymous readers get it too, so that a front end can say what awaits them.
        """
        return self.respond(state_answer(self.access, find_zone(slug), self.values["audience"]))


class StepView(Resource):
    """One step of a zone's gate."""

    parameters = GateParameters
    scopes = {"POST": scopes.GATE_WRITE}
    account_needed = frozenset({"POST"})

    @operation(
        "gate_step",
        "Take a step",
        "GateState",
        tag="gate",
        request=REQUEST,
        problems=(
            "not_authenticated", "csrf_failed", "not_found", "malformed", "invalid", "step_out_of_order",
            "already_decided", "under_review", "stale_version", "conflict", "too_large",
            "unsupported_media_type",
        ),
    )  # fmt: skip
    def post(self, request: Request, slug: str, step_id: int) -> HttpResponse:
        """Decide on an agreement, answer questions, or enter. Answers with the gate's new state.

        An agreement or informed consent takes `version` and `decision`; questions take `version` and
        `answers` (by question key); entering (step 0) takes nothing. The verification has its own address.
        A step out of order, done before, or about an older text is a 409 that names the next step.
        """
        zone = find_zone(slug)
        data: dict[str, Any] = request.data if isinstance(request.data, dict) else {}
        audience = self.values["audience"]
        taken = post_step(request, self.user, zone, step_id, data, audience)
        forget_access(request)
        return self.respond(api_response(state_json(taken.state(zone, level_of(zone, audience)))))
