"""Numbers of headings and captions, and where the text speaks of them."""

from __future__ import annotations

import pytest

from exchange.importing.recognition import captions
from exchange.importing.recognition.numbering import NumberReader


def read(*headings: str) -> list[tuple[int, str] | None]:
    reader = NumberReader()
    return [(found.depth, found.rest) if (found := reader.read(text)) else None for text in headings]


def test_decimal_numbers():
    assert read("1 引言", "2. 结果", "2.1 一般", "2.1.1 甲", "2.10 乙", "2.235 丙") == [
        (1, "引言"), (1, "结果"), (2, "一般"), (3, "甲"), (2, "乙"), None,
    ]  # fmt: skip


def test_chinese_numbers_and_items():
    assert read("一、概述", "（二）方法", "(1)甲", "第三章 总结", "2. 乙") == [
        (1, "概述"), (2, "方法"), (3, "甲"), (1, "总结"), (2, "乙"),
    ]  # fmt: skip


def test_decimal_numbers_nest_below_chinese_ones():
    assert read("一、概述", "1. 甲", "(1) 子", "2. 乙", "二、治疗", "（一）药物", "1. 丙") == [
        (1, "概述"), (2, "甲"), (3, "子"), (2, "乙"), (1, "治疗"), (2, "药物"), (3, "丙"),
    ]  # fmt: skip


def test_a_measure_is_no_number():
    assert read("3 方法", "42 数据", "1型糖尿病", "2025年的变化", "12") == [
        (1, "方法"), None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "before", "number", "words"),
    [
        ("图10 流程", 9, 10, "流程"),
        ("图1：流程", 0, 1, "流程"),
        ("Fig.2 Flow", 0, 2, "Flow"),
        ("续表3 用量", 3, 3, "用量"),
    ],
)
def test_captions(line, before, number, words):
    found = captions.read(line, before, beside=True)
    assert (found.number, found.text) == (number, words)


@pytest.mark.parametrize(
    "line", ["图4中的纵坐标代表数值。", "图2是流程。", "如图1所示", "代表1", "图表", "图1", ""]
)
def test_sentences_are_no_captions(line):
    assert captions.read(line, 0, beside=False) is None


def test_mentions_become_keys_and_the_rest_stays():
    known = {("图", 1): "f1", ("图", 2): "f2", ("表", 10): "t10"}
    text = "见图1、2，图 1A，表10；代表1，图9，1.2，图1.5"
    linked = captions.link(text, lambda kind, number: known.get((kind, number)))
    assert linked == "见[图:f1]、[图:f2]，[图:f1]A，[表:t10]；代表1，图9，1.2，图1.5"


def test_links_leave_tags_alone():
    assert captions.link('<a href="图1">图1</a>', lambda kind, number: "f1") == '<a href="图1">[图:f1]</a>'
