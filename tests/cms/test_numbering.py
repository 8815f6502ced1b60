"""Numbers come from the order of the document alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.blocks.registry import kinds, reference_words
from cms.cross_references import references, replace, replace_in_html
from cms.numbering import Occurrence, chinese, number

SERIES = {name: kind.series for name, kind in kinds().items() if kind.series}
WORDS = reference_words()


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (23, "二十三"),
        (90, "九十"),
        (99, "九十九"),
        (100, "100"),
    ],
)
def test_chinese_numerals(count, text):
    assert chinese(count) == text


def test_sections_count_within_their_parent():
    levels = [1, 2, 2, 3, 1, 2, 3, 3]
    found = number(
        [Occurrence(SERIES["section"], (i,), level=level) for i, level in enumerate(levels)], "zh-hans"
    )
    assert [found.of[i,].text for i in range(8)] == ["一", "（一）", "（二）", "1", "二", "（一）", "1", "2"]
    found = number([Occurrence(SERIES["section"], (i,), level=level) for i, level in enumerate(levels)], "en")
    assert [found.of[i,].text for i in range(8)] == ["1", "1.1", "1.2", "1.2.1", "2", "2.1", "2.1.1", "2.1.2"]


def test_labels_follow_the_language_of_the_article():
    one = [Occurrence(SERIES["figure"], (0,), "a"), Occurrence(SERIES["table"], (1,), "a")]
    assert [found.text for found in number(one, "zh-hans").of.values()] == ["图1", "表1"]
    assert [found.text for found in number(one, "en").of.values()] == ["Figure 1", "Table 1"]


@st.composite
def documents(draw) -> list[Occurrence]:
    """Sections of any shape (a level goes at most one down), with figures and tables anywhere between."""
    found: list[Occurrence] = []
    level = 0
    for index in range(draw(st.integers(0, 40))):
        kind = draw(st.sampled_from(["section", "figure", "table"]))
        if kind == "section":
            level = draw(st.integers(1, min(3, level + 1)))
            found.append(Occurrence(SERIES["section"], (index,), level=level))
        else:
            found.append(Occurrence(SERIES[kind], (index,), draw(st.sampled_from(["", "a", "b", "c", "d"]))))
    return found


@given(documents())
def test_figures_and_tables_count_from_one_without_gaps(document):
    found = number(document, "zh-hans")
    for kind in ("figure", "table"):
        counts = [found.of[one.path].number for one in document if one.series.kind == kind]
        assert counts == list(range(1, len(counts) + 1))


@given(documents())
def test_sections_count_from_one_without_gaps_under_each_parent(document):
    found = number(document, "en")
    texts = [found.of[one.path].text for one in document if one.series.kind == "section"]
    assert len(set(texts)) == len(texts)
    for text in texts:
        *parents, last = text.split(".")
        before = ".".join([*parents, str(int(last) - 1)])
        assert last == "1" or before in texts
        assert not parents or ".".join(parents) in texts
    assert texts == sorted(texts, key=lambda text: [int(part) for part in text.split(".")])


@given(documents())
def test_a_key_points_at_its_first_block_and_the_others_are_duplicates(document):
    found = number(document, "zh-hans")
    keyed = [one for one in document if one.key]
    for (kind, key), target in found.targets.items():
        assert target.path == next(one.path for one in keyed if (one.series.kind, one.key) == (kind, key))
    assert len(found.duplicates) == len(keyed) - len(found.targets)


@given(documents(), st.integers(0, 40))
def test_inserting_a_figure_moves_exactly_those_behind_it(document, position):
    before = number(document, "zh-hans")
    new = Occurrence(SERIES["figure"], (1000,))
    after = number([*document[:position], new, *document[position:]], "zh-hans")
    for index, one in enumerate(document):
        moved = int(one.series.kind == "figure" and index >= position)
        assert after.of[one.path].number == before.of[one.path].number + moved


def test_tokens_are_read_in_both_languages_and_widths():
    text = "见[图:a-1]、[表：乙]、[figure:c]，不见[图:]、[图 x]、[[注]"
    assert [(series.kind, key) for series, key, _token in references(text, WORDS)] == [
        ("figure", "a-1"),
        ("table", "乙"),
        ("figure", "c"),
    ]
    assert replace("见[图:a]", WORDS, lambda series, key: f"<{series.kind} {key}>") == "见<figure a>"


def test_tokens_in_attributes_are_left_alone():
    html = '<a href="https://example.org/[图:a]">[图:a]</a>'
    assert (
        replace_in_html(html, WORDS, lambda _series, _key: "图1")
        == '<a href="https://example.org/[图:a]">图1</a>'
    )
    assert list(references(html, WORDS)) == [(SERIES["figure"], "a", "[图:a]")]
