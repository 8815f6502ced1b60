"""`/api/v1/me/consents` and `/api/v1/consent-receipts/verify`: decisions, receipts, withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from api import scopes
from api.gate_json import gate_url, moment
from api.gate_problems import gate_problems
from api.gate_steps import EnterBody, context_of
from api.resource import Resource
from api.responses import ApiResponse, api_response
from api.schema import operation
from api.shapes import ref
from gate.consent import (
    ConsentEntry,
    DecisionLine,
    consents_of,
    key_set,
    receipt_of,
    record_of,
    verify_receipt,
    withdraw_consent,
)
from gate.decision import forget_access

if TYPE_CHECKING:
    from gate.models import User

SURFACE = "api"


def consent_list(user: User) -> ApiResponse:
    """`{"items": […]}`: one for each agreement in each zone, the latest decision first."""
    return api_response({"items": [_entry(entry) for entry in consents_of(user)]})


def verdict_answer(document: dict[str, Any]) -> ApiResponse:
    """Whether a receipt is ours and unchanged. The result holds nothing that the receipt does not."""
    verdict, facts = verify_receipt(document)
    return api_response(
        {"verdict": verdict, "genuine": verdict == "genuine", "receipt": facts, "key": key_set()}
    )


class ConsentListView(Resource):
    """The consent decisions of the signed-in user."""

    scopes = {"GET": scopes.ACCOUNT_READ}
    account_needed = frozenset({"GET"})

    @operation("consents_list", "See what you decided", "ConsentList", tag="account",
               problems=("not_authenticated",))  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """Every decision on every text, with its version, its receipt and the way to withdraw it."""
        return self.respond(consent_list(self.user))


class ReceiptView(Resource):
    """The receipt of one decision."""

    scopes = {"GET": scopes.ACCOUNT_READ}
    account_needed = frozenset({"GET"})

    @operation("consent_receipt", "Get the receipt of a decision", "ConsentReceipt", tag="account",
               problems=("not_authenticated", "not_found"))  # fmt: skip
    def get(self, request: Request, consent_id: UUID) -> HttpResponse:
        """The decision with the exact text it was made on, in the structure of ISO/IEC TS 27560, signed.

        `signature` is a flattened JWS (RFC 7515, Ed25519). Its payload is everything but `signature`, as JSON
        with sorted keys and no spaces. The key set that checks it is at `/api/v1/consent-receipts/verify`.
        """
        with gate_problems(self.user, None):
            receipt = receipt_of(record_of(self.user, consent_id))
        response = self.respond(api_response(receipt))
        response["Content-Disposition"] = f'attachment; filename="consent-receipt-{consent_id}.json"'
        return response


class WithdrawalView(Resource):
    """The withdrawal of one decision."""

    scopes = {"POST": scopes.GATE_WRITE}
    account_needed = frozenset({"POST"})

    @operation(
        "consent_withdraw",
        "Withdraw what you agreed to",
        "ConsentList",
        tag="account",
        request={"application/json": ref("EnterBody")},
        problems=("not_authenticated", "csrf_failed", "malformed", "invalid", "not_found", "already_decided",
                  "too_large", "unsupported_media_type"),
    )  # fmt: skip
    def post(self, request: Request, consent_id: UUID) -> HttpResponse:
        """Closes what depended on it with the next request; answers with the list.

        Name any decision of yours on the text. What is withdrawn is the version you agreed to last, also
        while a newer one waits for your decision: on that one nothing is decided. It needs no step of the
        gate, so it works where a zone no longer asks.
        """
        EnterBody(data=request.data).is_valid(raise_exception=True)
        with gate_problems(self.user, None):
            withdraw_consent(user=self.user, consent=consent_id, surface=SURFACE, context=context_of(request))
        forget_access(request)
        return self.respond(consent_list(self.user))


class ReceiptVerificationView(Resource):
    """The check of a receipt, open to everyone who holds it."""

    @operation("receipt_key", "Get the key that checks receipts", "ReceiptKey", tag="account")
    def get(self, request: Request) -> HttpResponse:
        """The JSON Web Key Set (RFC 7517) of our signatures, to check receipts without us."""
        return self.respond(api_response(key_set()))

    @operation(
        "receipt_verify",
        "Check a receipt",
        "ReceiptVerdict",
        tag="account",
        request={"application/json": ref("ConsentReceipt")},
        problems=("malformed", "too_large", "unsupported_media_type"),
    )
    def post(self, request: Request) -> HttpResponse:
        """Send a receipt as it was given out. No account is needed.

        `genuine`: we signed exactly this, and `receipt` repeats what it says. `altered`: it was changed.
        `unknown_key`: signed with another key. `not_a_receipt`: it carries no signature of ours. Whether the
        decision still stands only its owner sees.
        """
        return self.respond(verdict_answer(dict(request.data)))


def _entry(entry: ConsentEntry) -> dict[str, Any]:
    in_zone = {"slug": entry.zone_slug, "title": entry.zone_title} if entry.zone_slug else None
    return {
        **_line(entry.latest),
        "zone": in_zone,
        "kind": entry.kind,
        "title": entry.title,
        "locale": entry.locale,
        "sha256": entry.sha256,
        "awaits_decision": entry.awaits_decision,
        "gate": gate_url(entry.zone_slug) if entry.step_id and entry.zone_slug else None,
        "withdraw": f"/api/v1/me/consents/{entry.latest.id}/withdrawal" if entry.withdrawable else None,
        "earlier": [_line(line) for line in entry.earlier],
    }


def _line(line: DecisionLine) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "decision": line.decision.value,
        "decided_at": moment(line.decided_at),
        "number": line.number,
        "surface": line.surface,
        "receipt": f"/api/v1/me/consents/{line.id}/receipt",
    }
