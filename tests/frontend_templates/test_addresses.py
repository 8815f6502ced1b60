"""`next` leads to paths of our own only."""

from __future__ import annotations

import pytest

from frontend_templates.addresses import article_id_in, gate_path, last_anchor, own_path

ARTICLE = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize("path", ["/", "/articles/x/#b-1", "/search/?q=a&page=2", "/zones/专区/"])
def test_own_paths_pass(path):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "articles/",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        " /x",
        "/\t/evil.example",
        "/\nx",
        "/\u202ex",
        "/" + "a" * 500,
    ],
)
def test_everything_else_is_the_default(path):
    assert own_path(path, "/me/") == "/me/"


def test_the_way_back_survives_the_gate():
    assert gate_path("z", "/articles/a/?x=1#b-2") == "/gate/z/?next=%2Farticles%2Fa%2F%3Fx%3D1%23b-2"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (f"/articles/{ARTICLE}/#b-1", ARTICLE),
        (f"/articles/{ARTICLE}/", ARTICLE),
        (f"/api/v1/articles/{ARTICLE}", None),
        ("/zones/z/", None),
        ("/no/such/path/", None),
    ],
)
def test_the_article_a_path_leads_to(path, found):
    assert (str(article_id_in(path)) if article_id_in(path) else None) == found


def test_the_last_block_is_found_inside_sections():
    inner = {"type": "section", "id": "2", "anchor": "sec-2", "body": [{"type": "paragraph", "id": "p"}]}
    empty = {"type": "section", "id": "1", "anchor": "sec-1", "body": []}
    figure = {"type": "figure", "id": "f", "anchor": "fig-a"}
    assert last_anchor([empty, inner]) == "b-p"
    assert last_anchor([inner, empty]) == "sec-1"
    assert last_anchor([figure]) == "fig-a"
    assert last_anchor([]) == ""
