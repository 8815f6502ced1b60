"""Errors as RFC 9457 problems: one exception to raise, one handler that responds to every exception.

A problem is `{"type", "title", "status", "detail", "errors": [{"field", "message", "code"}]}`, with
`next_step` where a step of the gate comes next. It carries nothing internal: no trace, query or path.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core import exceptions as django_errors
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf

from api.problem_kinds import KINDS, ProblemKind
from cms.storage_full import is_storage_full

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FieldError:
    """An error in one field (a dotted path), parameter or place of the body."""

    field: str
    message: str
    code: str = "invalid"

    def as_json(self) -> dict[str, str]:
        """The member of `errors`."""
        return {"field": self.field, "message": self.message, "code": self.code}


@dataclass(eq=False)
class Problem(Exception):
    """Raise it anywhere below a view. `code` is one of `problem_kinds.KINDS`; `detail` is for readers."""

    code: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    next_step: Mapping[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> ProblemKind:
        """The row of the table of problems."""
        return KINDS[self.code]

    def as_json(self) -> dict[str, Any]:
        """The body, in the request's language."""
        body: dict[str, Any] = {
            "type": self.kind.uri,
            "title": str(self.kind.title),
            "status": self.kind.status,
            "detail": self.detail or str(self.kind.meaning),
            "errors": [error.as_json() for error in self.errors],
        }
        if self.next_step is not None:
            body["next_step"] = dict(self.next_step)
        return body | dict(self.extra)


def unknown_fields(names: Iterable[Any]) -> tuple[FieldError, ...]:
    """An error for each field of a body that the form does not have."""
    message = _("This field is not offered here.")
    return tuple(FieldError(str(name)[:100], message, "unknown_field") for name in names)


def problem_response(problem: Problem) -> HttpResponse:
    """The response for a problem. Never cached: the next request may be allowed."""
    response = HttpResponse(
        json.dumps(problem.as_json(), ensure_ascii=False),
        status=problem.kind.status,
        content_type="application/problem+json",
        headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"} | problem.headers,
    )
    return response


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """DRF's EXCEPTION_HANDLER: every exception becomes a problem; unknown ones are logged, as a 500."""
    # Imported here: rest_framework.views itself imports our authentication classes.
    from rest_framework.views import set_rollback

    set_rollback()
    problem = as_problem(exc)
    if isinstance(exc, drf.UnsupportedMediaType) and problem is not None:
        problem.detail = _what_to_send(context.get("view"))
    if problem is None and is_storage_full(exc):
        log.error("storage_full")
        problem = Problem("storage_full")
    if problem is None:
        request = context.get("request")
        log.error("api_failed", view=type(context.get("view")).__name__, exc_info=exc)
        # Django's own machinery (error mail, the test client) listens to this signal.
        got_request_exception.send(sender=None, request=getattr(request, "_request", request))
        problem = Problem("server_error")
    view, request = context.get("view"), context.get("request")
    if problem.kind.status == 401 and view is not None and "WWW-Authenticate" not in problem.headers:
        problem.headers["WWW-Authenticate"] = view.get_authenticate_header(request)
    return problem_response(problem)


def as_problem(exc: Exception) -> Problem | None:
    """The problem for an exception; None for a failure of the server."""
    match exc:
        case Problem():
            return exc
        case Http404() | drf.NotFound():
            return Problem("not_found")
        case django_errors.RequestDataTooBig():
            return Problem("too_large")
        case django_errors.SuspiciousOperation() | UnreadablePostError() | MultiPartParserError():
            return Problem("malformed")
        case django_errors.PermissionDenied():
            return Problem("permission_denied")
        case drf.APIException():
            return _from_drf(exc)
    return None


def _from_drf(exc: drf.APIException) -> Problem | None:
    match exc:
        case drf.ValidationError():
            return Problem("invalid", errors=tuple(field_errors(exc.detail)))
        case drf.ParseError():
            return Problem("malformed", errors=_place_of(exc))
        case drf.Throttled():
            wait = getattr(exc, "wait", None)  # seconds
            headers = {"Retry-After": str(wait)} if wait else {}
            return Problem("throttled", detail=str(exc.detail), headers=headers)
        case drf.MethodNotAllowed() | drf.NotAcceptable() | drf.UnsupportedMediaType():
            return Problem(exc.default_code)
        case drf.NotAuthenticated():
            return Problem("not_authenticated")
        case drf.AuthenticationFailed():
            return Problem("invalid_token")
        case drf.PermissionDenied():
            return Problem("permission_denied")
    return None


def field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """DRF's nested error detail (lists and dicts of `ErrorDetail`) as a flat list with dotted paths."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from field_errors(value, ".".join(part for part in (path, name) if part))
    elif isinstance(detail, list | tuple):
        for index, value in enumerate(detail):
            nested = isinstance(value, Mapping | list | tuple)
            yield from field_errors(value, f"{path}.{index}" if nested and path else path)
    else:
        yield FieldError(path, str(detail), getattr(detail, "code", None) or "invalid")


def _what_to_send(view: Any) -> str:
    types = ", ".join(parser.media_type for parser in getattr(view, "parser_classes", ()))
    return _("Send the body as: %(types)s.") % {"types": types} if types else ""


def _place_of(exc: drf.ParseError) -> tuple[FieldError, ...]:
    """Line and column of a broken JSON body; the reason alone where the parser gave no place."""
    cause = exc.__cause__ or exc.__context__
    if isinstance(cause, json.JSONDecodeError):
        message = _("line %(line)d, column %(column)d: %(reason)s") % {
            "line": cause.lineno,
            "column": cause.colno,
            "reason": cause.msg,
        }
        return (FieldError("body", message, "malformed"),)
    return (FieldError("body", _("The body could not be read."), "malformed"),)
