"""Scanned papers are distinguished from editors' texts, and read with the errors of scans in mind."""

from __future__ import annotations

import pytest

from exchange.importing import document
from exchange.importing.draft import References
from exchange.importing.recognition import scanned
from exchange.importing.recognition.scanned import readers
from tests.exchange.importing.golden import DOCUMENTS


def parse(text: str):
    return document.parse(text, "markdown", fallback_title="文件", scanned=True)


def read(*headings: str) -> list[tuple[int, str] | None]:
    reader = readers.GluedNumberReader()
    return [(found.depth, found.rest) if (found := reader.read(text)) else None for text in headings]


def test_scans_are_told_from_texts_by_what_no_hand_leaves():
    assert scanned.is_scanned((DOCUMENTS / "paper.md").read_text(encoding="utf-8"))
    assert not scanned.is_scanned((DOCUMENTS / "notes.md").read_text(encoding="utf-8"))
    assert not scanned.is_scanned("# 1 背景\n\n## 1.1 一般资料\n\n$P<0.05$，$12.5\\%$，$x = 1 + 2$\n" * 9)


def test_the_choice_of_the_command_wins():
    text = "# 题\n\n正文。\n\n图21例患者\n\n![](a.png)\n\n图1甲\n\n![](b.png)\n"
    plain = document.parse(text, "markdown", scanned=False)
    assert document.parse(text, "markdown") == plain
    assert parse(text) != plain


def test_glued_numbers_continue_the_one_before():
    assert read("1引言", "2结果", "2.1 一般", "2.23组资料", "2.33组结果", "2.1.1 甲") == [
        (1, "引言"), (1, "结果"), (2, "一般"), (2, "3组资料"), (2, "3组结果"), (3, "甲"),
    ]  # fmt: skip


def test_a_lost_dot_is_found_and_a_measure_is_no_number():
    assert read("3方法", "42 数据", "1型糖尿病", "2025年的变化", "12") == [
        (1, "方法"), (2, "数据"), None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "before", "number", "words"),
    [
        ("表1227例患者的情况", 0, 1, "227例患者的情况"),
        ("图21例患者", 1, 2, "1例患者"),
        ("表22017年的用量", 1, 2, "2017年的用量"),
        ("图10 流程", 9, 10, "流程"),
        ("[ab.2 Values", 1, 2, "Values"),
    ],
)
def test_captions(line, before, number, words):
    found = readers.caption(line, before, beside=True)
    assert (found.number, found.text) == (number, words)


def test_references_split_continue_and_keep_their_numbers():
    draft = parse(
        "# 题\n\n正文[4]。\n\n# 参考文献：\n\n[1]甲. 一[J]. 刊, 2020, 1: 2. [2]乙. 二[J]. 刊, 2021.  \n"
        "[4」丁. 四的\n后半[J]. 刊, 2022.  \n]戊. 五[M]. 社, 2023.\n\n(编辑：某)\n"
    )
    (block,) = [block for block in draft.walk() if isinstance(block, References)]
    assert [item.text[:2] for item in block.items] == ["甲.", "乙.", "(m", "丁.", "戊."]
    assert block.items[3].text == "丁. 四的后半[J]. 刊, 2022."
    assert draft.body[-1].html == "<p>(编辑：某)</p>"


def test_a_misread_number_between_right_ones_is_repaired():
    draft = parse("# 题\n\n文。\n\n参考文献\n[1]甲[J].2020.  \n[9]乙[J].2020.  \n[3]丙[J].2020.\n")
    (block,) = [block for block in draft.walk() if isinstance(block, References)]
    assert [item.text[0] for item in block.items] == ["甲", "乙", "丙"]
