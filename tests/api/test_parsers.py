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


@pytest.mark.parametrize("body", [b'{"a": "\\u0000"}', b'{"a": ["\\ud800"]}', b'{"\\udfff": 1}'])
def test_text_that_no_database_stores_is_refused(body):
    with pytest.raises(Problem) as caught:
        parse(body)
    assert caught.value.code == "malformed"


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a":' * 50_000])
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
