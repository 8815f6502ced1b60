"""`/api/v1/gate/verification/consent`, `/answer` and `/appeal`: steps before and after submission."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from api import scopes
from api.gate_problems import gate_problems
from api.gate_steps import DecisionBody, context_of
from api.parsers import FormParser, ObjectParser
from api.problems import FieldError, Problem, unknown_fields
from api.resource import Resource
from api.schema import operation
from api.shapes import ref
from api.verification import DecodingResource, verification_answer
from gate.consent import decide_on_credentials
from gate.verification import ANSWER_FIELD, APPEAL_FIELD, appeal, give_information


def _check_fields(data: Any, *offered: str) -> None:
    if errors := unknown_fields(name for name in data if name not in offered):
        raise Problem("invalid", errors=errors)


class InformationView(DecodingResource):
    """The answer to a reviewer's question (`question` of the verification)."""

    scopes = {"POST": scopes.GATE_WRITE}
    account_needed = frozenset({"POST"})
    parser_classes = (FormParser,)
    offered = (ANSWER_FIELD,)

    @operation(
        "verification_answer",
        "Answer the reviewer",
        None,
        tag="gate",
        request={"multipart/form-data": ref("InformationForm")},
        responses={200: OpenApiResponse(ref("VerificationAnswer"), description="It waits for review again.")},
        problems=(
            "not_authenticated", "csrf_failed", "malformed", "invalid", "consent_required", "already_decided",
            "too_large", "unsupported_media_type", "busy",
        ),
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """Words in `answer`, files in parts named `credentials`, or both; the request goes back to who asked.

        Without an open question this is a 409.
        """
        with gate_problems(self.user, None):
            give_information(user=self.user, answer=request.POST.get(ANSWER_FIELD, ""), files=self.files)
        return self.respond(verification_answer(self.user))


class CredentialConsentView(Resource):
    """The consent to the use of credentials (sensitive information, PIPL art. 29)."""

    scopes = {"POST": scopes.GATE_WRITE}
    account_needed = frozenset({"POST"})
    parser_classes = (ObjectParser,)

    @operation(
        "verification_consent",
        "Decide on the use of your credentials",
        None,
        tag="gate",
        request={"application/json": ref("DecisionBody")},
        responses={200: OpenApiResponse(ref("VerificationAnswer"), description="The decision is recorded.")},
        problems=(
            "not_authenticated", "csrf_failed", "malformed", "invalid", "consent_required", "already_decided",
            "stale_version", "too_large", "unsupported_media_type",
        ),
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """`agreed`, `skipped` (declined) or `withdrawn`, on the `version` of `consent.agreement`.

        It is for the whole site and comes before the first credential is taken. Withdrawing deletes every
        file at once; a request that is not decided goes back to you as a draft; an approval stays until its
        end.
        """
        body = DecisionBody(data=request.data)
        body.is_valid(raise_exception=True)
        with gate_problems(self.user, None):
            decide_on_credentials(
                user=self.user,
                version_id=body.validated_data.get("version"),
                decision=body.validated_data["decision"],
                surface="api",
                context=context_of(request),
            )
        return self.respond(verification_answer(self.user))


class AppealView(Resource):
    """The appeal against a rejection (possible until `appeal_until` of the verification)."""

    scopes = {"POST": scopes.GATE_WRITE}
    account_needed = frozenset({"POST"})
    parser_classes = (ObjectParser,)

    @operation(
        "verification_appeal",
        "Ask for another review",
        None,
        tag="gate",
        request={"application/json": ref("AppealBody")},
        responses={200: OpenApiResponse(ref("VerificationAnswer"), description="It waits for review again.")},
        problems=(
            "not_authenticated", "csrf_failed", "malformed", "invalid", "already_decided", "too_large",
            "unsupported_media_type",
        ),
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """Once for each verification; another reviewer than the one who rejected it decides, on record."""
        data: dict[str, Any] = request.data if isinstance(request.data, dict) else {}
        _check_fields(data, APPEAL_FIELD)
        reason = data.get(APPEAL_FIELD, "")
        if not isinstance(reason, str):
            raise Problem("invalid", errors=(FieldError(APPEAL_FIELD, _("Send text."), "invalid"),))
        with gate_problems(self.user, None):
            appeal(user=self.user, reason=reason)
        return self.respond(verification_answer(self.user))
