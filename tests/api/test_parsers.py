"""Bodies are read within limits."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace

import pytest
from rest_framework.exceptions import ParseError

from api.parsers import LONGEST_FORM, LONGEST_JSON, FormParser, ObjectParser
from api.problems import Problem


def parse(body: bytes, length: str | None = None, parser=ObjectParser):
    request = SimpleNamespace(META={"CONTENT_LENGTH": length if length is not None else str(len(body))})
    return parser().parse(BytesIO(body), "application/json", {"request": request, "encoding": "utf-8"})


def test_an_object_is_read():
    assert parse('{"decision": "同意"}'.encode()) == {"decision": "同意"}


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"1", b"null"])
def test_other_values_are_refused(body):
    with pytest.raises(Problem) as caught:
        parse(body)
    assert caught.value.code == "malformed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"a": "\\u0000"}', "a"),
        (b'{"a": {"b": ["", "\\ud800"]}}', "a.b.1"),
        (b'{"\\udfff": 1}', "body"),
        (b'{"a": "\\u000b"}', "a"),
        (b'{"a": "\\u001b[31m"}', "a"),
        (b'{"a": "\\u007f"}', "a"),
        (b'{"a": "\\u0085"}', "a"),
        (b'{"a": "\\uffff"}', "a"),
        (b'{"a": "abc\\u202etxt"}', "a"),
    ],
)
def test_text_that_no_text_holds_is_refused_by_name(body, field):
    with pytest.raises(Problem) as caught:
        parse(body)
    assert caught.value.code == "malformed"
    assert [error.field for error in caught.value.errors] == [field]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"decision": "refused", "decision": "agreed"}', "decision"),
        (b'{"answers": {"k": 1, "k": 2}}', "k"),
        (b'{"a": [{"b": {"c": 1, "c": 1}}]}', "c"),
        (b'{"decision": "refused", "decisio\\u006e": "agreed"}', "decision"),
    ],
)
def test_a_name_given_twice_is_refused_at_any_depth(body, name):
    with pytest.raises(Problem) as caught:
        parse(body)
    assert caught.value.kind.status == 400
    assert [(error.field, error.code) for error in caught.value.errors] == [(name, "repeated_name")]


def test_line_breaks_and_tabs_are_text():
    assert parse(b'{"a": "1\\n2\\t3"}') == {"a": "1\n2\t3"}


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1e999}', b'{"a":' * 50_000])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(ParseError):
        parse(body)


def test_a_long_body_is_refused_before_it_is_read():
    class Unread(BytesIO):
        def read(self, *args):
            raise AssertionError("was read")

    for parser, most in ((ObjectParser, LONGEST_JSON), (FormParser, LONGEST_FORM)):
        request = SimpleNamespace(META={"CONTENT_LENGTH": str(most + 1)})
        with pytest.raises(Problem) as caught:
            parser().parse(Unread(), "application/json", {"request": request})
        assert caught.value.code == "too_large"
    for nonsense in ("-1", "x", "1e9"):
        with pytest.raises(Problem):
            parse(b"{}", nonsense)
