"""Excerpts show why an article was found, from the text they are given and no other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.errors import EmptyQuery
from search.excerpts import LENGTH, Excerpt, Marker, make_excerpt, mark
from search.plan import plan_query


def marker(query: str, *groups: tuple[str, ...]) -> Marker:
    return Marker(plan_query(query, groups))


def marked(excerpt: Excerpt) -> list[str]:
    return [text for text, is_marked in excerpt.parts if is_marked]


def test_marks_runs_of_pairs_words_and_codes_in_the_spelling_of_the_text():
    text = "ＰＤ－１抑制劑用于肺癌，PD1与HbA1c无关"
    assert marked(mark(marker("PD-1抑制剂"), text)) == ["ＰＤ－１抑制劑", "PD1"]
    assert marked(mark(marker("hba1c"), text)) == ["HbA1c"]


def test_a_word_is_not_marked_inside_another():
    assert marked(mark(marker("car"), "care for CAR")) == ["CAR"]


def test_single_characters_of_a_longer_word_are_not_marked():
    assert marked(mark(marker("肺癌"), "肺炎与胃癌")) == []
    assert marked(mark(marker("癌"), "胃癌")) == ["癌"]


def test_synonyms_are_marked():
    assert marked(mark(marker("心梗", ("心梗", "心肌梗死")), "急性心肌梗死")) == ["心肌梗死"]
    assert marked(mark(marker("嵌合抗原受体T细胞", ("car-t", "嵌合抗原受体t细胞")), "CAR-T疗法")) == ["CAR-T"]


def test_the_passage_with_most_of_the_query_is_shown_and_cut_around_the_mark():
    passages = ["痛风", "前" * 300 + "痛风发作用秋水仙碱" + "后" * 300]
    excerpt = make_excerpt(marker("痛风 秋水仙碱"), passages)
    assert marked(excerpt) == ["痛风", "秋水仙碱"]
    assert excerpt.text.startswith("…前")
    assert excerpt.text.endswith("后…")
    assert len(excerpt.text) == LENGTH + 2


def test_without_a_match_the_first_passage_is_shown():
    assert make_excerpt(marker("哮喘"), ["摘要", "正文"]).parts == (("摘要", False),)
    assert make_excerpt(marker("哮喘"), []).text == ""


def test_html_is_escaped_and_marked():
    excerpt = mark(marker("痛风"), "<script>痛风</script>")
    assert excerpt.html == "&lt;script&gt;<mark>痛风</mark>&lt;/script&gt;"


@given(
    st.text(alphabet="肺癌α㎎PD-1 <&ﬁ\u200b\n痛風", min_size=1, max_size=300),
    st.text(alphabet="肺癌PD-1α痛风", min_size=1, max_size=9),
)
def test_nothing_is_added_or_lost(text, query):
    try:
        found = marker(query)
    except EmptyQuery:
        return
    assert mark(found, text).text == text
    passages = text.split("\n")
    inside = make_excerpt(found, passages).text.removeprefix("…").removesuffix("…")
    assert any(inside in passage for passage in passages)
    assert len(inside) <= LENGTH
