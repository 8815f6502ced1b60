"""Lines of credits in Chinese, English and mixed: who wrote it, when, and where it comes from."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.importing import document
from exchange.importing.recognition import dates, people

TEXT = "正文的第一句话写在这里，它比标题长得多，也不是任何人的名字。"


def parse(*lines: str, below: tuple[str, ...] = ()):
    return document.parse("\n\n".join(("# 题目", *lines, TEXT, *below)), "markdown")


def byline(draft) -> list[tuple[str, str, str]]:
    return [(author.name, author.title, author.affiliation) for author in draft.byline]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("作者｜林小禾", [("林小禾", "", "")]),
        ("作者丨林小禾 周一舟", [("林小禾", "", ""), ("周一舟", "", "")]),
        ("文/林小禾", [("林小禾", "", "")]),
        ("文｜林小禾、周一舟", [("林小禾", "", ""), ("周一舟", "", "")]),
        ("撰文：林小禾（示例医院心内科）", [("林小禾", "", "示例医院心内科")]),
        ("作者：示例大学附属医院 林小禾", [("林小禾", "", "示例大学附属医院")]),
        ("作者：林小禾 主任医师", [("林小禾", "主任医师", "")]),
        ("By Jane O'Connor, MD", [("Jane O'Connor", "MD", "")]),
        (
            "By Jane O’Connor, MD, PhD, and Amir Müller, MBBS",
            [("Jane O’Connor", "MD, PhD", ""), ("Amir Müller", "MBBS", "")],
        ),
        ("Author: Dr. Sara de la Cruz", [("Sara de la Cruz", "Dr", "")]),
        ("作者：Jane O'Connor, 林小禾", [("Jane O'Connor", "", ""), ("林小禾", "", "")]),
        ("供稿：宣传科", [("宣传科", "", "")]),
        ("作者：林小禾等", [("林小禾", "", "")]),
        ("林小禾 撰文", [("林小禾", "", "")]),
        ("林小禾/文", [("林小禾", "", "")]),
        ("作者：林　禾", [("林禾", "", "")]),
        ("作者：匡小禾", [("匡小禾", "", "")]),
        ("文/林小禾教授", [("林小禾", "教授", "")]),
        ("（作者：林小禾，示例医院心内科主任医师）", [("林小禾", "主任医师", "示例医院心内科")]),
        ("供稿 | 示例市第1医院 周一舟", [("周一舟", "", "示例市第1医院")]),
    ],
)  # fmt: skip
def test_bylines(line, expected):
    draft = parse(line)
    assert byline(draft) == expected
    assert line not in draft.body[0].html


@pytest.mark.parametrize(
    "line",
    [
        "审校：周一舟",
        "审核｜周一舟",
        "责任编辑：周一舟",
        "Reviewed by Li Wei, MD",
        "校对/周一舟",
        "摄影：周一舟",
    ],
)
def test_who_only_worked_on_a_text_is_no_author_and_stays_in_the_text(line):
    draft = parse("作者：林小禾", line)
    assert byline(draft) == [("林小禾", "", "")]
    assert draft.body[0].html.startswith(f"<p>{line}</p>")
    assert draft.summary == ""


@pytest.mark.parametrize(
    "line", ["温馨提示", "高血压", "Key Points", "Heart Failure", "方法", "林荫道上的早晨"]
)
def test_a_line_that_could_be_a_name_is_no_byline(line):
    assert parse(line).byline == ()


def test_a_translator_is_named_where_no_author_is():
    alone, both = parse("编译：林小禾"), parse("原作者：Jane O'Connor", "编译：林小禾")
    assert (byline(alone), alone.originality) == ([("林小禾", "", "")], "translated")
    assert (byline(both), both.originality) == ([("Jane O'Connor", "", "")], "translated")
    assert both.body[0].html.startswith("<p>编译：林小禾</p>")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026年3月5日", (2026, 3, 5)),
        ("2026 年 03 月 05 日", (2026, 3, 5)),
        ("2026-03-05", (2026, 3, 5)),
        ("2026/3/5", (2026, 3, 5)),
        ("2026.03.05", (2026, 3, 5)),
        ("2026-03-05T08:30:00+08:00", (2026, 3, 5)),
        ("二〇二六年三月五日", (2026, 3, 5)),
        ("二○二六年十二月三十一日", (2026, 12, 31)),
        ("5 March 2026", (2026, 3, 5)),
        ("5th Mar 2026", (2026, 3, 5)),
        ("March 5, 2026", (2026, 3, 5)),
        ("Sept. 5, 2026", (2026, 9, 5)),
        ("2026 Mar 5", (2026, 3, 5)),
        ("2026-13-05", None),
        ("31 February 2026", None),
        ("5 Marching 2026", None),
        ("12026-03-051", None),
    ],
)
def test_dates(text, date):
    assert dates.date_of(text) == (dt.date(*date) if date else None)


@pytest.mark.parametrize(
    ("line", "source", "url", "date"),
    [
        ("来源：示例日报", "示例日报", "", None),
        ("发布时间：2026-03-05 09:00 来源：示例日报", "示例日报", "", "2026-03-05"),
        ("2026年3月5日　来源｜示例日报　作者｜林小禾", "示例日报", "", "2026-03-05"),
        ("转载自：示例日报 https://example.org/a", "示例日报", "https://example.org/a", None),
        ("Source: Example News | March 5, 2026", "Example News", "", "2026-03-05"),
        ("Published 5 March 2026 in print", "", "", None),
    ],
)
def test_sources_and_dates_in_one_line(line, source, url, date):
    draft = parse(line)
    assert (draft.source_organisation, draft.source_url, draft.date and str(draft.date)) == (
        source,
        url,
        date,
    )


@pytest.mark.parametrize("line", ["示例健康 2026-06-12 18:00", "日期：2026年6月12日", "2026年6月12日 星期五"])
def test_a_date_under_the_title(line):
    draft = parse(line)
    assert str(draft.date) == "2026-06-12"
    assert draft.source_organisation in ("", "示例健康")


def test_an_update_is_not_the_date_and_is_quoted():
    draft = parse("更新时间：2026-03-08 发布时间：2026-03-05")
    assert str(draft.date) == "2026-03-05"
    assert [note.text for note in draft.notes if note.kind == "not_article"] == [
        "更新时间：2026-03-08 发布时间：2026-03-05"
    ]


def test_when_something_takes_place_is_not_the_date_of_the_text():
    assert parse("时间：2026年3月5日上午", "地点：门诊楼三层").date is None
    assert parse("时间：2026年3月5日", "地点：门诊楼三层").date is None


def test_credits_below_the_text():
    draft = parse(below=("作者：林小禾", "来源：示例日报", "本文仅供参考。"))
    assert (byline(draft), draft.source_organisation) == ([("林小禾", "", "")], "示例日报")
    assert draft.body[-1].html.endswith("<p>本文仅供参考。</p>")


def test_the_source_under_a_table_is_the_tables():
    draft = parse(below=("表1 甲", "| a | b |\n|---|---|\n| 1 | 2 |", "来源：示例年鉴", "最后一段话在这里。"))
    assert draft.source_organisation == ""


@pytest.mark.parametrize("name", ["Jane O'Connor", "Amir Müller", "John Q. Public", "林小禾", "欧阳小禾"])
def test_names(name):
    assert people.is_name(name)


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("摘要：简短的一句。", "简短的一句。"),
        ("【导语】简短的一句。", "简短的一句。"),
        ("**编者按｜** 简短的一句。", "简短的一句。"),
        ("> 核心提示：简短的一句。", "简短的一句。"),
        ("**Abstract** A short sentence.", "A short sentence."),
        ("Abstract: A short sentence.", "A short sentence."),
        ("Summary: A short sentence.", "A short sentence."),
        ("Editor's note: A short sentence.", "A short sentence."),
        ("导语里说了什么，没有人知道。", ""),
        ("作者：林小禾", ""),
    ],
)
def test_a_summary_is_what_calls_itself_one(line, summary):
    assert parse(line).summary == summary


def test_a_conclusion_at_the_end_is_no_summary():
    assert parse(below=("## 总结", "全文完。", "## Summary", "The end.")).summary == ""


@pytest.mark.parametrize(
    "entries",
    [
        "[1] 甲. 一. 2020.\n[2] 乙. 二. 2021.",
        "1. 甲. 一. 2020.\n2. 乙. 二. 2021.",
        "1、甲. 一. 2020.\n2、乙. 二. 2021.",
        "① 甲. 一. 2020.\n② 乙. 二. 2021.",
        "（1）甲. 一. 2020.\n（2）乙. 二. 2021.",
        "【1】甲. 一. 2020.\n\n【2】乙. 二. 2021.",
        "- 甲. 一. 2020.\n- 乙. 二. 2021.",
        "甲. 一. 2020.\n\n乙. 二. 2021.",
        "[1] 甲. 一. 2020. [2] 乙. 二. 2021.",
    ],
)
@pytest.mark.parametrize("label", ["参考资料：", "## 参考文献", "**References**", "主要参考文献"])
def test_lists_of_literature(label, entries):
    draft = parse(below=(label, entries, "编辑：周一舟"))
    (found,) = [block for block in draft.body if hasattr(block, "items")]
    assert [item.text for item in found.items] == ["甲. 一. 2020.", "乙. 二. 2021."]
    assert draft.body[-1].html == "<p>编辑：周一舟</p>"
