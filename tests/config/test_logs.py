"""One line a request, with an id, and nothing in it that a user typed."""

from __future__ import annotations

import io
import json
import logging
import re

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

SECRET = "li.na@example.cn"
FORM = {"name": "李娜", "email": SECRET, "password": "correct-horse-battery"}


def answers(request: HttpRequest) -> HttpResponse:
    structlog.get_logger("xinglin.test").info("decided", article=7)
    return HttpResponse("ok")


def breaks(request: HttpRequest, token: str) -> HttpResponse:
    raise ValueError(f"no account for {request.POST.get('email', SECRET)}")


def sorry(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sorry", status=500)


handler500 = sorry
urlpatterns = [path("answers/", answers), path("reset/<str:token>/", breaks)]


@pytest.fixture
def written(monkeypatch):
    """What the configured handler writes, one dictionary a line."""
    handlers = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    assert len(handlers) == 1
    stream = io.StringIO()
    monkeypatch.setattr(handlers[0], "stream", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def request_line(lines):
    (line,) = [line for line in lines if line["logger"] == "xinglin.request"]
    return line


def test_a_request_is_one_line_with_route_status_and_duration(visitor, written):
    visitor.get("/answers/", {"q": "肿瘤"})
    line = request_line(written())
    assert (line["event"], line["method"], line["route"], line["status"]) == (
        "request",
        "GET",
        "answers/",
        200,
    )
    assert line["ms"] >= 0
    assert re.match(r"\d{4}-\d\d-\d\dT", line["timestamp"])


def test_every_line_of_a_request_carries_the_id_of_the_answer(visitor, written):
    answer = visitor.get("/answers/")
    lines = written()
    assert [line["event"] for line in lines] == ["decided", "request"]
    assert {line["request_id"] for line in lines} == {answer["X-Request-ID"]}


def test_two_requests_have_two_ids(visitor):
    assert visitor.get("/answers/")["X-Request-ID"] != visitor.get("/answers/")["X-Request-ID"]


def test_an_id_from_the_proxy_is_kept(visitor, written):
    answer = visitor.get("/answers/", headers={"x-request-id": "0f1e2d3c-trace"})
    assert answer["X-Request-ID"] == "0f1e2d3c-trace" == request_line(written())["request_id"]


@pytest.mark.parametrize("forged", ["short", "a" * 65, 'x" event="admin login', "li.na@example.cn"])
def test_an_id_that_is_none_is_replaced(visitor, forged):
    answer = visitor.get("/answers/", headers={"x-request-id": forged})
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])


def test_no_line_holds_a_query_a_form_a_path_or_an_address(visitor, written):
    visitor.get("/answers/", {"q": "肿瘤"}, REMOTE_ADDR="203.0.113.9")
    visitor.post(
        "/reset/one-time-token/?next=/me/", FORM, headers={"authorization": "Bearer abcdefgh12345678"}
    )
    text = json.dumps(written(), ensure_ascii=False)
    for secret in ("肿瘤", "203.0.113.9", "one-time-token", "/me/", "abcdefgh12345678", *FORM.values()):
        assert secret not in text


def test_an_error_keeps_its_traceback_and_its_request_id(visitor, written):
    answer = visitor.post("/reset/one-time-token/", FORM)
    assert answer.status_code == 500
    lines = written()
    (error,) = [line for line in lines if line["logger"] == "django.request"]
    assert "ValueError: no account for [mail]" in error["exception"]
    assert error["event"] == "Internal Server Error"
    assert error["request_id"] == answer["X-Request-ID"]
    assert request_line(lines)["level"] == "error"
