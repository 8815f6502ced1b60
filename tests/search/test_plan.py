"""From a query's words to what must match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking import without_asking_words
from search.errors import EmptyQuery
from search.plan import MAX_UNITS, Code, Phrase, expand, plan_query, required_units, units_of
from search.service import MatchableText, satisfies

CAR_T = ("car-t", "嵌合抗原受体t细胞")


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("请问肺部小结节怎么办", "肺部小结节"),
        ("痛风有哪些症状吗?", "痛风 症状 ?"),
        ("what is the hba1c target", "hba1c target"),
        ("怎么办", "怎么办"),
        ("维生素a", "维生素a"),
        ("吗啡", "吗啡"),
    ],
)
def test_asking_words_are_dropped_unless_nothing_is_left(asked, left):
    assert without_asking_words(asked) == left


def test_the_whole_query_stays_when_asking_words_were_dropped():
    plan = plan_query("请问痛风怎么办")
    assert (plan.core_text, plan.whole_text) == ("痛风", "请问痛风怎么办")
    assert plan.whole.unigrams == tuple("请问痛风怎么办")
    assert plan_query("痛风").whole is None


def test_a_code_is_one_unit_in_either_spelling():
    with_hyphen, without = plan_query("PD-1"), plan_query("PD1")
    assert with_hyphen.units[0].clauses == (Code("pd1"), Phrase(("pd", "1")))
    assert without.units[0].clauses[0] == Code("pd1")
    assert with_hyphen.required == without.required == 1


@pytest.mark.parametrize(("units", "required"), [(1, 1), (3, 1), (4, 2), (10, 4), (12, 4), (24, 6)])
def test_a_third_must_match_and_less_of_a_long_query(units, required):
    assert required_units(units) == required


def words_of(query):
    return ["".join(unit.clauses[0].words) for unit in plan_query(query).units]


def test_units_are_pairs_and_function_characters_make_none():
    assert words_of("痛风的治疗") == ["痛风", "治疗"]
    assert words_of("高血压 癌 aspirin") == ["高血", "血压", "癌", "aspirin"]
    assert words_of("的了") == ["的了"]


def test_lone_letters_and_small_numbers_do_not_count_unless_alone():
    assert words_of("脾 OR 1=1") == ["脾"]
    assert words_of("维生素D 800") == ["维生", "生素", "800"]
    assert words_of("B 12") == ["b", "12"]


@pytest.mark.parametrize(
    ("text", "found"), [("肺腺癌", True), ("肺癌", True), ("肺小细胞癌", False), ("癌肺", False)]
)
def test_a_pair_may_have_one_character_between(text, found):
    assert satisfies(plan_query("肺癌"), MatchableText([text])) is found


def test_a_synonym_satisfies_the_units_it_stands_for():
    plan = plan_query("CAR-T治疗", (CAR_T,))
    assert plan.synonyms == (Phrase(("嵌", "合", "抗", "原", "受", "体", "t", "细", "胞")),)
    assert satisfies(plan, MatchableText(["用嵌合抗原受体T细胞治疗淋巴瘤"]))
    assert not satisfies(plan_query("CAR-T"), MatchableText(["嵌合抗原受体T细胞"]))
    back = plan_query("嵌合抗原受体T细胞", (CAR_T,))
    assert back.synonyms == (Code("cart"), Phrase(("car", "t")))
    assert satisfies(back, MatchableText(["CAR-T"]))


def test_the_longest_term_wins_where_terms_overlap():
    groups = (("肺癌", "lung cancer"), ("非小细胞肺癌", "nsclc"))
    _, added = expand(units_of("非小细胞肺癌"), groups)
    assert added == (Phrase(("nsclc",)),)


@pytest.mark.parametrize("query", ["***", "？！", "\u200b", "&&||", "……", "()[]{}"])
def test_a_query_without_words_is_refused(query):
    with pytest.raises(EmptyQuery):
        plan_query(query)


@given(st.text(min_size=1, max_size=200))
def test_any_text_gives_a_bounded_plan_or_a_clear_error(query):
    try:
        plan = plan_query(query, (CAR_T,))
    except EmptyQuery:
        return
    assert 1 <= plan.required <= len(plan.units) <= MAX_UNITS


@given(st.text(alphabet="肺癌痛风治疗pd1-", min_size=1, max_size=30))
def test_a_text_satisfies_the_query_that_quotes_it(query):
    try:
        plan = plan_query(query)
    except EmptyQuery:
        return
    assert satisfies(plan, MatchableText([query]))


def test_no_phrase_runs_from_one_passage_into_the_next():
    plan = plan_query("CAR-T", (CAR_T,))
    assert not satisfies(plan, MatchableText(["嵌合抗原", "受体T细胞"]))
