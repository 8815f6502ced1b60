"""`/api/v1/me`: the signed-in user, and the zones that are open to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from api import scopes
from api.gate_json import case_json, gate_url, moment
from api.gate_problems import gate_problems
from api.gate_steps import StrictBody
from api.resource import Resource
from api.responses import ApiResponse, api_response
from api.schema import operation
from api.shapes import ref
from cms.selectors import live_zones
from gate.decision import forget_access
from gate.privacy import NAME_LENGTH, correct_account
from gate.verification import case_status

if TYPE_CHECKING:
    from cms.models import ZonePage
    from gate.decision import Access
    from gate.models import User


def account_answer(access: Access) -> ApiResponse:
    """`{"id","email","display_name","locale","zones": […],"verification"}` of a signed-in user."""
    user = cast("User", access.user)
    return api_response(
        {
            "id": str(user.uuid),
            "email": user.email,
            "display_name": user.display_name,
            "locale": user.locale,
            "zones": [_zone(access, zone) for zone in live_zones()],
            "verification": case_json(case_status(user, now=timezone.now())),
        }
    )


def _zone(access: Access, zone: ZonePage) -> dict[str, Any]:
    decision = access.decide(zone.pk, zone.audience)
    return {
        "slug": zone.slug,
        "title": zone.title,
        "audience": zone.audience,
        "allowed": decision.allowed,
        "reason": decision.reason.value,
        "expires_at": moment(decision.expires_at),
        "gate": gate_url(zone.slug),
    }


class AccountBody(StrictBody):
    """The members that users correct themselves; the service checks the language."""

    display_name = serializers.CharField(required=False, allow_blank=True, max_length=NAME_LENGTH)
    locale = serializers.CharField(required=False, max_length=12)


class AccountView(Resource):
    """The user behind the session or token."""

    scopes = {"GET": scopes.ACCOUNT_READ, "PATCH": scopes.ACCOUNT_WRITE}
    account_needed = frozenset({"GET", "PATCH"})

    @operation("account_read", "See who you are", "Account", tag="account", problems=("not_authenticated",))
    def get(self, request: Request) -> HttpResponse:
        """Your name, which zones are open to you and why, and your verification."""
        return self.respond(account_answer(self.access))

    @operation(
        "account_correct", "Correct your data", "Account", tag="account",
        request={"application/json": ref("AccountBody")},
        problems=("not_authenticated", "csrf_failed", "malformed", "invalid", "unsupported_media_type"),
    )  # fmt: skip
    def patch(self, request: Request) -> HttpResponse:
        """Change your name or language. The address is changed at `/accounts/email/`, which confirms it."""
        body = AccountBody(data=request.data)
        body.is_valid(raise_exception=True)
        with gate_problems(self.user, None):
            request.user = correct_account(user=self.user, **body.validated_data)
        forget_access(request)
        return self.respond(account_answer(self.access))
