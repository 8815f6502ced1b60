"""`/api/v1/gate/verification`: the reader's verification as a healthcare professional."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from api import scopes
from api.gate_json import case_json, consent_json
from api.gate_problems import gate_problems
from api.parsers import FormParser
from api.problems import FieldError, Problem, unknown_fields
from api.resource import Resource
from api.responses import ApiResponse, api_response
from api.schema import operation
from api.shapes import ref
from api.zones import find_zone_for_filter
from cms.audiences import Audience
from gate.consent import CredentialConsent, check_may_send, consent_under, credential_consent
from gate.models import Profession
from gate.verification import (
    ACCEPTED,
    FILES_FIELD,
    INPUT_FIELDS,
    MAX_BYTES,
    MAX_FILES,
    CaseStatus,
    DecodedFiles,
    HandedIn,
    case_status,
    decode_files,
    form_of,
    hand_in,
)

if TYPE_CHECKING:
    from cms.models import ZonePage
    from gate.models import User

FORM_FIELDS = frozenset({*INPUT_FIELDS, "zone"})


def verification_answer(user: User) -> ApiResponse:
    """`{"verification": the latest one or null, "consent": …, "form": the fields of a verification}`."""
    now = timezone.now()
    return _answer(case_status(user, now=now), credential_consent(user, now=now))


def handed_in_answer(user: User, new: HandedIn) -> ApiResponse:
    """The same after handing in; nothing is loaded twice."""
    case = case_status(user, now=timezone.now(), cases=new.cases, credentials=new.credentials)
    return _answer(case, consent_under(new.consent, new.subject), status=201)


def _answer(case: CaseStatus | None, consent: CredentialConsent, *, status: int = 200) -> ApiResponse:
    return api_response(
        {
            "verification": case_json(case),
            "consent": consent_json(consent),
            "form": {
                "professions": [profession_json(value) for value in Profession.values],
                "files": {"most": MAX_FILES, "bytes": MAX_BYTES, "media_types": list(ACCEPTED)},
            },
        },
        status=status,
    )


def profession_json(profession: str) -> dict[str, Any]:
    """A profession and the fields of its form, in the reader's language."""
    return {
        "value": profession,
        "label": str(Profession(profession).label),
        "fields": [
            {
                "name": field.name,
                "label": str(field.label),
                "hint": str(field.hint),
                "required": field.required,
                "max_length": field.max_length,
                "pattern": field.pattern or None,
            }
            for field in form_of(profession)
        ],
    }


def post_verification(user: User, data: QueryDict, files: DecodedFiles) -> HandedIn:
    """Submit the form or store nothing: Problem `invalid` by field, `step_out_of_order`, `already_decided`"""
    zone = _zone_of(data.get("zone", ""))
    values = {name: data.get(name, "") for name in INPUT_FIELDS}
    with gate_problems(user, zone, Audience.HCP):
        return hand_in(user=user, data=values, files=files, zone=zone)


def check_form(data: QueryDict, offered: Collection[str]) -> None:
    """Problem `invalid` for fields that are not offered, and for single fields sent more than once."""
    unknown = [name for name in data if name not in offered and name != FILES_FIELD]
    repeated = [name for name in data if name in offered and len(data.getlist(name)) > 1]
    once = _("Send this field once.")
    errors = (*unknown_fields(unknown), *(FieldError(name, once, "repeated_field") for name in repeated))
    if errors:
        raise Problem("invalid", errors=errors)


def _zone_of(slug: str) -> ZonePage | None:
    try:
        return find_zone_for_filter(slug) if slug else None
    except Problem as problem:  # there it is a parameter, here a field
        raise Problem("invalid", errors=problem.errors) from problem


def only_credentials(request: Request) -> list[Any]:
    """The uploaded files; Problem `invalid` for files under any other name."""
    if names := set(request.FILES) - {FILES_FIELD}:
        raise Problem("invalid", errors=unknown_fields(names))
    return list(request.FILES.getlist(FILES_FIELD))


class DecodingResource(Resource):
    """Takes a form with credentials. They are decoded once for each request, outside its transaction."""

    offered: ClassVar[Collection[str]] = ()
    files: DecodedFiles

    def prepare(self, request: Request) -> None:
        """Raise the problem for a form that cannot be taken, before its transaction.

        `invalid` for what the form does not offer, `consent_required` for files that may not be used, `busy`
        while others are decoded.
        """
        check_form(request.POST, self.offered)
        with gate_problems(self.user, None):
            if request.FILES:
                check_may_send(self.user)
            self.files = decode_files(only_credentials(request))


class VerificationView(DecodingResource):
    """The reader's own verification; another user's cannot be requested."""

    scopes = {"GET": scopes.GATE_READ, "POST": scopes.GATE_WRITE}
    account_needed = frozenset({"GET", "POST"})
    parser_classes = (FormParser,)
    offered = FORM_FIELDS

    @operation(
        "verification_read", "See your verification", "VerificationAnswer", tag="gate",
        problems=("not_authenticated",),
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """Your latest request (state, place in the queue, reviewer's reasons), the consent that comes before
        a credential is taken, and what the form takes.
        """
        return self.respond(verification_answer(self.user))

    @operation(
        "verification_submit",
        "Hand in your verification",
        None,
        tag="gate",
        request={"multipart/form-data": ref("VerificationForm")},
        responses={201: OpenApiResponse(ref("VerificationAnswer"), description="It waits for review.")},
        problems=(
            "not_authenticated", "csrf_failed", "malformed", "invalid", "step_out_of_order",
            "consent_required", "already_decided", "under_review", "too_large", "unsupported_media_type",
            "busy",
        ),
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """A first request, or another one after a rejection, which may leave out files without objections.

        Who is recognised changes name, institution or title the same way, at any time: the approval in force
        (`in_force`) stands until the new request is approved, also when it is rejected. Without any
        difference it is a 409 `already_decided`, but for a renewal in the last 60 days of the term.

        Send `multipart/form-data`, one part named `credentials` for each file. Files are checked by content,
        drawn anew and encrypted. `zone` says where the reader came from; its earlier steps must be done.
        """
        new = post_verification(self.user, request.POST, self.files)
        return self.respond(handed_in_answer(self.user, new))
