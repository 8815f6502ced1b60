"""`/api/v1/me/export` and `/api/v1/me/erasure`: export of a user's data, and erasure of the account."""

from __future__ import annotations

import json
from typing import Any

from allauth.idp.oidc.models import Token
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from api import scopes
from api.gate_json import moment
from api.gate_problems import gate_problems
from api.gate_steps import StrictBody
from api.problems import Problem
from api.resource import Resource
from api.responses import PRIVATE, ApiResponse, api_response
from api.schema import operation
from api.shapes import ref
from gate.models import User
from gate.people.signin.allauth_internal import did_recently_reauthenticate
from gate.privacy import (
    CONTENT_TYPE,
    ERASED,
    KEPT,
    UNDER_A_NUMBER,
    document_of,
    export_own_data,
    record_export,
    request_erasure,
    terms,
)

FILE_NAME = "xinglin-personal-data.zip"
ARCHIVE = OpenApiResponse(
    {"type": "string", "format": "binary"}, description="A ZIP with data.json, data.html and the files."
)


def privacy_answer(user: User) -> ApiResponse:
    """The terms of retention, and what happens to the data when the account is erased."""
    return api_response(
        {
            "due_at": moment(user.erasure_due_at),
            "grace_days": settings.XINGLIN_ERASURE_GRACE_DAYS,
            "erased": [str(item) for item in ERASED],
            "kept": [str(item) for item in KEPT],
            "note": str(UNDER_A_NUMBER),
            "retention": [
                {"key": term.key, "what": term.what, "days": term.days, "text": term.sentence}
                for term in terms()
            ],
        }
    )


def archive_response(user: User, surface: str) -> StreamingHttpResponse:
    """The archive as a download that is not stored in any cache."""
    response = StreamingHttpResponse(export_own_data(user=user, surface=surface), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    response["Cache-Control"] = PRIVATE
    response["X-Content-Type-Options"] = "nosniff"
    return response


def check_fresh(request: Request) -> None:
    """Problem `reauthentication_required` for a session without a recent confirmation of its user.

    A bearer token carries its own consent: the reader granted the scope on our screen.
    """
    if not isinstance(request.auth, Token) and not did_recently_reauthenticate(request._request):
        raise Problem("reauthentication_required")


class ExportView(Resource):
    """Everything held about the user behind the session or token."""

    scopes = {"GET": scopes.ACCOUNT_EXPORT, "POST": scopes.ACCOUNT_EXPORT}
    account_needed = frozenset({"GET", "POST"})

    @operation(
        "export_read", "See everything held about you", "PersonalData", tag="account",
        problems=("not_authenticated", "reauthentication_required"),
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """The data without the files. A session confirms itself first (`/accounts/reauthenticate/`)."""
        check_fresh(request)
        with gate_problems(self.user, None):
            record_export(user=self.user, by=self.user, surface="api")
        data = document_of(self.user)
        return self.respond(ApiResponse(200, json.dumps(data, ensure_ascii=False)))

    @operation(
        "export_make",
        "Download everything held about you",
        None,
        tag="account",
        responses={(200, CONTENT_TYPE): ARCHIVE},
        problems=("not_authenticated", "csrf_failed", "malformed", "invalid", "reauthentication_required"),
    )
    def post(self, request: Request) -> Any:
        """A ZIP made at once and sent as it is made: `data.json`, `data.html`, credential files.

        At most ten exports an hour; each is on record. There is no address that would open it again.
        """
        _check_empty(request)
        check_fresh(request)
        with gate_problems(self.user, None):
            return archive_response(self.user, "api")


class ErasureView(Resource):
    """The erasure of an account."""

    scopes = {"GET": scopes.ACCOUNT_READ, "POST": scopes.ACCOUNT_ERASE}
    account_needed = frozenset({"GET", "POST"})

    @operation(
        "erasure_read", "See what erasing your account means", "Erasure", tag="account",
        problems=("not_authenticated",),
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """What is erased, what is kept and why, how long one can change one's mind, and all terms."""
        return self.respond(privacy_answer(self.user))

    @operation(
        "erasure_request",
        "Have your account erased",
        None,
        tag="account",
        responses={202: OpenApiResponse(ref("Erasure"), description="Closed now, erased on `due_at`.")},
        problems=(
            "not_authenticated", "csrf_failed", "malformed", "invalid", "conflict",
            "reauthentication_required",
        ),
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """Everything closes with the next request: sessions and tokens end. Signing in again cancels it.

        Takes no body. A session confirms itself first (`/accounts/reauthenticate/`); a sign-in is not enough.
        """
        _check_empty(request)
        check_fresh(request)
        with gate_problems(self.user, None):
            request_erasure(user=self.user, surface="api")
        answer = privacy_answer(User.objects.get(pk=self.user.pk))
        return self.respond(ApiResponse(202, answer.body))


def _check_empty(request: Request) -> None:
    StrictBody(data=request.data).is_valid(raise_exception=True)
