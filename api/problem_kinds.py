"""Every kind of problem of this API: its code, HTTP status, title and what to do about it.

The code is the last part of a problem's `type`, `/api/v1/problems/<code>`, where the same text can be read.
Codes are part of the contract: they are added, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One row of the table of problems; `meaning` is written for the front-end developer."""

    code: str
    status: int
    title: str | Promise
    meaning: str | Promise

    @property
    def uri(self) -> str:
        """The `type` of RFC 9457: a relative reference that resolves to this kind's description."""
        return f"/api/v1/problems/{self.code}"


_ALL = (
    ProblemKind(
        "malformed", 400, _("The request could not be read"),
        _("The body is not valid JSON or not a valid form. `errors` names the line and column."),
    ),
    ProblemKind(
        "invalid", 400, _("The request has errors"),
        _("One or more fields were refused. `errors` names each field, with a message to show beside it."),
    ),
    ProblemKind(
        "unknown_parameter", 400, _("Unknown parameter"),
        _("The address carries a query parameter that this endpoint does not know. Nothing was read."),
    ),
    ProblemKind(
        "repeated_parameter", 400, _("Repeated parameter"),
        _("A query parameter was given more than once. Give each parameter once."),
    ),
    ProblemKind(
        "invalid_parameter", 400, _("Invalid parameter"),
        _("A query parameter has a value outside its bounds. `errors` names it and the bounds."),
    ),
    ProblemKind(
        "invalid_idempotency_key", 400, _("The Idempotency-Key cannot be used"),
        _("Send 1 to 255 visible ASCII characters, best a fresh UUID for each act of the reader."),
    ),
    ProblemKind(
        "not_authenticated", 401, _("Please sign in"),
        _("This endpoint needs a signed-in reader: a session, or a bearer token from `/identity/o/`."),
    ),
    ProblemKind(
        "invalid_token", 401, _("The access token is not valid"),
        _("The bearer token is unknown, expired or revoked, or its account is closed. Get a new one."),
    ),
    ProblemKind(
        "permission_denied", 403, _("Not allowed"),
        _("The reader is signed in but may not do this."),
    ),
    ProblemKind(
        "insufficient_scope", 403, _("The access token lacks a scope"),
        _("The bearer token is valid but was not granted the scope named in `WWW-Authenticate`."),
    ),
    ProblemKind(
        "reauthentication_required", 403, _("Please confirm that it is you"),
        _("A session has to sign in again just before this, at `/accounts/reauthenticate/`."),
    ),
    ProblemKind(
        "csrf_failed", 403, _("The request could not be verified"),
        _("A session request that changes something needs the CSRF token in the `X-CSRFToken` header."),
    ),
    ProblemKind(
        "not_found", 404, _("Not found"),
        _("There is nothing at this address, or nothing that is published."),
    ),
    ProblemKind(
        "method_not_allowed", 405, _("Method not allowed"),
        _("The address exists but does not answer this method. `Allow` lists those it answers."),
    ),
    ProblemKind(
        "not_acceptable", 406, _("No such format"),
        _("This endpoint cannot answer in any of the media types of `Accept`."),
    ),
    ProblemKind(
        "step_out_of_order", 409, _("Another step comes first"),
        _("The gate's steps are taken in order. `next_step` says which one is next."),
    ),
    ProblemKind(
        "already_decided", 409, _("This step is already done"),
        _("The step was completed before, perhaps in another tab. `next_step` says which one is next."),
    ),
    ProblemKind(
        "under_review", 409, _("Staff are reviewing it"),
        _("The verification is with the reviewers. Nothing can be handed in until they decide or ask."),
    ),
    ProblemKind(
        "stale_version", 409, _("The text has changed"),
        _("The decision was about an older version of the text. Read the current one and decide again."),
    ),
    ProblemKind(
        "consent_required", 409, _("A consent comes first"),
        _("Credentials are taken only from readers who agreed to their use. The text is in the answer of "
          "`/api/v1/gate/verification`; `consent` is the address that takes the decision."),
    ),
    ProblemKind(
        "conflict", 409, _("Not possible in the present state"),
        _("The request is valid but does not fit the present state. `detail` says why."),
    ),
    ProblemKind(
        "idempotency_key_in_use", 409, _("This request is still being carried out"),
        _("A request with this Idempotency-Key has no answer yet. Send it again after `Retry-After`."),
    ),
    ProblemKind(
        "too_slow", 408, _("The request came too slowly"),
        _("The body did not arrive in time, so nothing was done. Send it again on a better connection."),
    ),
    ProblemKind(
        "too_large", 413, _("The request is too large"),
        _("The body is larger than this endpoint accepts. Nothing was stored."),
    ),
    ProblemKind(
        "unsupported_media_type", 415, _("Unsupported format"),
        _("The body's `Content-Type` is not one that this endpoint reads."),
    ),
    ProblemKind(
        "idempotency_key_reused", 422, _("This Idempotency-Key belongs to another request"),
        _("The key was used within 24 hours for another address or body. Nothing was done. Use a new key."),
    ),
    ProblemKind(
        "throttled", 429, _("Too many requests"),
        _("Wait for the number of seconds in `Retry-After`, then try again."),
    ),
    ProblemKind(
        "server_error", 500, _("Something went wrong on our side"),
        _("The failure is on record. Try again later."),
    ),
    ProblemKind(
        "busy", 503, _("Other files are being checked"),
        _("Files are decoded a few at a time. Nothing was stored; send yours again after `Retry-After`."),
    ),
    ProblemKind(
        "storage_full", 507, _("There is no room left to save this"),
        _("The server's disk is full, so nothing was saved. Reading and searching go on. Try again later."),
    ),
    ProblemKind(
        "unavailable", 503, _("Temporarily unavailable"),
        _("A part this answer needs, such as search, is not reachable. Try again later."),
    ),
)  # fmt: skip

KINDS: dict[str, ProblemKind] = {kind.code: kind for kind in _ALL}
