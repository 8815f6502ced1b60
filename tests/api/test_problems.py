"""Every exception becomes an RFC 9457 problem without internal details."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django.core import exceptions as django_errors
from django.http import Http404, UnreadablePostError
from django.utils.translation import override
from rest_framework import exceptions as drf
from rest_framework import serializers

from api.problem_kinds import KINDS
from api.problems import FieldError, Problem, as_problem, exception_handler, field_errors

VIEW = SimpleNamespace(get_authenticate_header=lambda request: 'Bearer realm="xinglin"')


def handle(exc: Exception):
    response = exception_handler(exc, {"view": VIEW, "request": None})
    return response, json.loads(response.content)


@pytest.mark.parametrize(
    ("exc", "code", "status"),
    [
        (Http404("No Publication matches id=7"), "not_found", 404),
        (drf.NotFound(), "not_found", 404),
        (drf.MethodNotAllowed("PUT"), "method_not_allowed", 405),
        (drf.NotAcceptable(), "not_acceptable", 406),
        (drf.UnsupportedMediaType("text/xml"), "unsupported_media_type", 415),
        (drf.Throttled(wait=12.3), "throttled", 429),
        (drf.NotAuthenticated(), "not_authenticated", 401),
        (drf.AuthenticationFailed(), "invalid_token", 401),
        (drf.PermissionDenied("secret reason"), "permission_denied", 403),
        (django_errors.PermissionDenied("secret reason"), "permission_denied", 403),
        (django_errors.RequestDataTooBig("5 MB"), "too_large", 413),
        (django_errors.TooManyFieldsSent("x"), "malformed", 400),
        (UnreadablePostError("broken pipe"), "malformed", 400),
        (drf.ParseError("x"), "malformed", 400),
        (drf.ValidationError({"a": ["b"]}), "invalid", 400),
    ],
)
def test_known_exceptions(exc, code, status):
    response, body = handle(exc)
    assert response.status_code == body["status"] == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "private, no-store"
    assert body["type"] == f"/api/v1/problems/{code}"
    assert body["title"]
    assert body["detail"]
    assert "secret" not in response.content.decode()
    assert "Publication" not in response.content.decode()


def test_an_unknown_exception_is_a_500_without_its_message():
    response, body = handle(RuntimeError("password=hunter2 at /srv/app/gate/x.py"))
    assert response.status_code == 500
    assert body["type"].endswith("/server_error")
    assert "hunter2" not in response.content.decode()
    assert "/srv" not in response.content.decode()


def test_a_401_carries_a_challenge_and_a_throttle_says_when():
    assert handle(drf.NotAuthenticated())[0]["WWW-Authenticate"].startswith("Bearer")
    assert handle(drf.Throttled(wait=12.3))[0]["Retry-After"] == "13"


def test_a_broken_json_body_names_line_and_column():
    try:
        try:
            json.loads('{"a": 1,\n "b": }')
        except ValueError as error:
            raise drf.ParseError(f"JSON parse error - {error}") from error
    except drf.ParseError as error:
        with override("en"):
            _, body = handle(error)
    assert body["errors"] == [
        {"field": "body", "message": "line 2, column 7: Expecting value", "code": "malformed"}
    ]


def test_field_errors_are_flat_with_dotted_paths():
    class Inner(serializers.Serializer):
        n = serializers.IntegerField()

    class Outer(serializers.Serializer):
        name = serializers.CharField()
        inner = Inner(many=True)

    outer = Outer(data={"inner": [{"n": 1}, {"n": "x"}]})
    assert not outer.is_valid()
    errors = list(field_errors(outer.errors))
    assert [(error.field, error.code) for error in errors] == [("name", "required"), ("inner.1.n", "invalid")]
    assert next(field_errors({"non_field_errors": ["x"]})).field == ""


def test_next_step_is_there_only_where_a_gate_was_asked():
    assert "next_step" not in Problem("not_found").as_json()
    assert Problem("step_out_of_order", next_step={"id": 3}).as_json()["next_step"] == {"id": 3}


def test_a_problem_passes_unchanged():
    problem = Problem("invalid", errors=(FieldError("a", "b", "c"),))
    assert as_problem(problem) is problem


def test_titles_and_meanings_are_translated():
    for kind in KINDS.values():
        with override("en"):
            english = (str(kind.title), str(kind.meaning))
        with override("zh-hans"):
            chinese = (str(kind.title), str(kind.meaning))
        assert all(en != zh for en, zh in zip(english, chinese, strict=True)), kind.code
