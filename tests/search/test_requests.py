"""Bad input is refused before an engine is asked."""

from __future__ import annotations

import pytest

from search.errors import InvalidSearch
from search.requests import SearchRequest


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"query": ""}, "empty_query", "q"),
        ({"query": " \n\u3000"}, "empty_query", "q"),
        ({"query": "癌" * 100_000}, "query_too_long", "q"),
        ({"query": "a\0b"}, "invalid_characters", "q"),
        ({"query": "a\ud800"}, "invalid_characters", "q"),
        ({"query": "\udfff"}, "invalid_characters", "q"),
        ({"zone": "a b"}, "invalid_zone", "zone"),
        ({"zone": ""}, "invalid_zone", "zone"),
        ({"zone": "x" * 300}, "invalid_zone", "zone"),
        ({"page": 0}, "page_out_of_range", "page"),
        ({"page": -1}, "page_out_of_range", "page"),
        ({"page": 101}, "page_out_of_range", "page"),
        ({"page": 10**9, "size": 1}, "page_out_of_range", "page"),
        ({"size": 0}, "size_out_of_range", "size"),
        ({"size": 10**9}, "size_out_of_range", "size"),
        ({"scope": frozenset({"1:hcp OR 1=1"})}, "invalid_scope", "scope"),
        ({"scope": frozenset({"1:admin"})}, "invalid_scope", "scope"),
    ],
)
def test_refused_with_a_code_and_the_field(changes, code, field):
    with pytest.raises(InvalidSearch) as refused:
        SearchRequest(**{"query": "肺癌"} | changes)
    assert isinstance(refused.value, ValueError)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(refused.value)


def test_what_is_allowed():
    request = SearchRequest("癌" * 200, frozenset({"7:hcp", "3:public"}), zone="肺-lung_1", page=20, size=50)
    assert request.offset == 950
