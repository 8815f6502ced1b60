"""Single structures: pairing captions, tables, reference lists, bylines."""

from __future__ import annotations

import pytest

from exchange.importing import document
from exchange.importing.draft import Cell, Figure, Section, Table
from exchange.importing.notes import NoteKind
from exchange.importing.recognition import people
from exchange.importing.recognition.references import reference
from exchange.importing.streamfield import spread


def parse(text: str, **options):
    return document.parse(text, "markdown", fallback_title="文件", **options)


def figures(draft) -> list[tuple[int | None, str, str]]:
    return [
        (block.number, block.caption, block.picture) for block in draft.walk() if isinstance(block, Figure)
    ]


def tables(draft) -> list[Table]:
    return [block for block in draft.walk() if isinstance(block, Table)]


def kinds(draft) -> set[NoteKind]:
    return {note.kind for note in draft.notes}


def test_two_pictures_and_two_captions_pair_in_order():
    draft = parse("# 题\n\n![](a.png)\n\n![](b.png)  \n图1甲  \n图2乙\n")
    assert figures(draft) == [(1, "甲", "a.png"), (2, "乙", "b.png")]


def test_a_caption_above_its_picture_with_english_below():
    draft = parse("# 题\n\n图1甲  \n![](a.png)  \nFig.1 First\n")
    assert figures(draft) == [(1, "甲 Fig.1 First", "a.png")]


def test_an_english_caption_finds_its_figure_further_up():
    draft = parse("# 题\n\n![](a.png)  \n图1甲\n\n一段文字。\n\n![](b.png)  \nFig.1 First  \n图2乙\n")
    assert figures(draft) == [(1, "甲 Fig.1 First", "a.png"), (2, "乙", "b.png")]


def test_a_lost_caption_keeps_its_number_where_the_text_speaks_of_it():
    draft = parse("# 题\n\n见图1。\n\n又一段，见图2。\n\n![](b.png)  \n图2乙\n")
    assert [number for number, _, _ in figures(draft)] == [1, 2]
    assert draft.body[1].placeholder
    assert NoteKind.FIGURE_ABSENT in kinds(draft)


def test_a_picture_without_caption_takes_the_number_that_the_text_misses():
    draft = parse("# 题\n\n见图1和图2。\n\n![](a.png)  \n图1甲\n\n文字。\n\n![](b.png)\n")
    assert [(number, picture) for number, _, picture in figures(draft)] == [(1, "a.png"), (2, "b.png")]


def test_a_picture_without_caption_and_file_is_left_out_and_one_with_a_file_is_not():
    source = "# 题\n\n文字。\n\n![](a.png)\n"
    assert figures(parse(source)) == []
    assert NoteKind.PICTURE_UNCAPTIONED in kinds(parse(source))
    assert figures(parse(source, has_picture=lambda path: path == "a.png")) == [(None, "", "a.png")]


def test_misread_numbers_make_no_row_of_placeholders():
    draft = parse("# 题\n\n见图1。\n\n![](a.png)  \n图40 流程\n")
    assert len(figures(draft)) == 1


def test_a_table_that_goes_on_is_one_table():
    draft = parse(
        "# 题\n\n表1 甲\n\n<table><tr><td>a</td></tr><tr><td>b</td></tr></table>\n\n"
        "<table><tr><td>c</td></tr></table>\n"
    )
    (table,) = tables(draft)
    assert [row[0].text for row in (*table.head, *table.rows)] == ["a", "b", "c"]
    assert NoteKind.TABLE_CONTINUED in kinds(draft)


def test_captions_after_their_tables_pair_in_order():
    draft = parse(
        "# 题\n\n<table><tr><td>a</td></tr></table>\n\n表1甲  \n表2乙\n\n<table><tr><td>b</td></tr></table>\n"
    )
    assert [(table.number, table.caption, table.rows[0][0].text) for table in tables(draft)] == [
        (1, "甲", "a"),
        (2, "乙", "b"),
    ]


def test_a_caption_without_table_keeps_its_number():
    draft = parse("# 题\n\n表1甲\n\n文字。\n\n表2乙\n\n<table><tr><td>b</td></tr></table>\n\n见表2。\n")
    assert [(table.number, table.placeholder) for table in tables(draft)] == [(1, True), (2, False)]
    assert NoteKind.TABLE_ABSENT in kinds(draft)


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td>甲<td>乙",
        "<table><tr><td>甲</td></tr><td>乙</td></table>",
        "<table>甲<tr><td>乙</td></tr>",
    ],
)
def test_half_broken_tables_keep_their_text_and_are_reported(markup):
    draft = parse(f"# 题\n\n{markup}\n\n后文。\n")
    (table,) = tables(draft)
    assert {cell.text for row in (*table.head, *table.rows) for cell in row} == {"甲", "乙"}
    assert NoteKind.TABLE_BROKEN in kinds(draft)
    assert "后文。" in draft.body[-1].html


def test_spans_become_merges_and_no_cell_hides_another():
    rows = (
        (Cell("a", 1, 2), Cell("b", 2, 1)),
        (Cell("c"), Cell("d")),
        (Cell("e", 9, 9), Cell("f")),
    )
    grid, merges = spread(rows)
    assert [cell for row in grid for cell in row if cell] == ["a", "b", "c", "d", "e", "f"]
    assert merges[:2] == [(0, 0, 2, 1), (0, 1, 1, 2)]
    assert merges[2][2] == 1


def test_identifiers_of_a_reference():
    found = reference("A. B[J]. C, 2020. doi:10.1000/182. PMID: 1234567 https://example.org/x.")
    assert (found.doi, found.pmid, found.url) == ("10.1000/182", "1234567", "https://example.org/x")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("林小禾¹，周一舟²*，沈 星", ["林小禾", "周一舟", "沈星"]),
        ("林小禾 周一舟", ["林小禾", "周一舟"]),
        ("欧阳小禾", ["欧阳小禾"]),
        ("Jane Doe, John Q. Public", ["Jane Doe", "John Q. Public"]),
        ("林小禾示例大学附属医院，示例市 100000", []),
        ("中国示例专家组", []),
        ("这是一句话，不是名字。", []),
    ],
)
def test_only_lines_of_nothing_but_names_are_names(line, names):
    assert [author.name for author in people.names(line)] == names


def test_levels_follow_the_markup_where_it_has_several_and_the_numbers_where_it_has_not():
    trusted = parse("# 题\n\n## 甲\n\n文。\n\n### 乙\n\n文。\n\n##### 丙\n\n文。\n")
    flat = parse("# 题\n\n# 1甲\n\n文。\n\n# 1.1乙\n\n文。\n\n# 1.1.1丙\n\n文。\n\n# 1.1.1.1丁\n\n文。\n")
    assert [(s.heading, s.level) for s in trusted.walk() if isinstance(s, Section)] == [
        ("甲", 1),
        ("乙", 2),
        ("丙", 3),
    ]
    assert [(s.heading, s.level) for s in flat.walk() if isinstance(s, Section)] == [
        ("甲", 1), ("乙", 2), ("丙", 3), ("丁", 3),
    ]  # fmt: skip


def test_a_text_of_nothing_but_a_title_has_no_body():
    assert parse("# 题\n").body == ()
    assert document.parse("", "text", fallback_title="文件").title == "文件"
