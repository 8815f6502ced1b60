"""Every word that readers see can be found, in every kind of block."""

from __future__ import annotations

from cms.blocks.kinds import plain
from search.article_text import block_passages, body_passages, gated_passages


def test_rich_text_becomes_lines():
    assert plain("<p>甲&amp;乙</p><p>10<sup>9</sup>/L</p>").split("\n\n") == ["甲&乙", "109/L"]


def test_passages_of_every_block():
    cell = {"colspan": 1, "rowspan": 1}
    body = [
        {
            "type": "section",
            "heading": "节题",
            "body": [{"type": "paragraph", "html": "<p>段落</p>"}],
        },
        {"type": "steps", "items": [{"title": "步题", "html": "<p>步文</p>"}]},
        {"type": "figure", "label": "图1", "caption": "图题", "alt": "图替", "source": "图源"},
        {
            "type": "table",
            "label": "表1",
            "caption": "表题",
            "head": [[{"text": "表头", **cell}]],
            "rows": [[{"text": "单元", **cell}]],
            "note": "表注",
        },
        {"type": "callout", "title": "框题", "html": "<p>框文</p>"},
        {"type": "key_points", "items": ["要点"]},
        {"type": "references", "items": [{"text": "文献"}]},
    ]
    expected = "节题 段落 步题 步文 图1 图题 图替 图源 表1 表题 表头 单元 表注 框题 框文 要点 文献"
    assert " ".join(body_passages({"body": body})) == expected


def test_an_unknown_block_gives_nothing():
    assert list(block_passages({"type": "secret", "html": "x"})) == []


def test_gated_passages_are_those_of_blocks_that_are_not_open():
    shown, hidden = {"type": "key_points", "items": ["开"]}, {"type": "key_points", "items": ["闭"]}
    assert gated_passages({"body": [shown]}, {"body": [shown, hidden]}) == ["闭"]
    assert gated_passages({"body": []}, {"body": [shown, hidden]}) == ["开", "闭"]
    assert gated_passages({"body": [shown]}, {"body": [shown]}) == []
