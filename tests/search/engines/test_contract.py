"""What every engine does: the same suite over both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from search.engines.base import EngineAnswer
from search.errors import IndexUnusable
from tests.factories.search import ask, document, fill, titles

pytestmark = pytest.mark.filterwarnings("error")


def found(engine, documents, query, *scope, **changes):
    return titles(documents, ask(engine, query, *scope, **changes))


def test_finds_in_titles_and_in_open_text_without_any_scope(engine):
    documents = [document("肺癌早筛"), document("随访", "小结节与肺癌"), document("高血压")]
    fill(engine, documents)
    assert sorted(found(engine, documents, "肺癌")) == ["肺癌早筛", "随访"]


def test_finds_gated_text_only_with_its_key(engine):
    documents = [document("甲", gated="秋水仙碱", zone_id=1), document("乙", gated="秋水仙碱", zone_id=2)]
    fill(engine, documents)
    assert ask(engine, "秋水仙碱") == EngineAnswer((), 0)
    assert ask(engine, "秋水仙碱", "3:hcp", "1:registered", "2:public") == EngineAnswer((), 0)
    assert found(engine, documents, "秋水仙碱", "2:hcp") == ["乙"]
    assert sorted(found(engine, documents, "秋水仙碱", "1:hcp", "2:hcp")) == ["乙", "甲"]


def test_units_may_stand_in_open_and_gated_text(engine):
    documents = [document("痛风", gated="秋水仙碱")]
    fill(engine, documents)
    assert found(engine, documents, "痛风秋水仙碱", "1:hcp") == ["痛风"]
    assert found(engine, documents, "痛风秋水仙碱") == []


@pytest.mark.parametrize("query", ["PD1", "pd-1", "ＰＤ－１", "PD‐1抑制剂", "PD-1抑制劑"])
def test_codes_in_any_spelling(engine, query):
    documents = [document("甲", "PD-1抑制剂"), document("乙", "PD-L1表达"), document("丙", "1型糖尿病")]
    fill(engine, documents)
    assert found(engine, documents, query)[0] == "甲"
    assert "丙" not in found(engine, documents, query)


def test_gated_codes_need_their_key(engine):
    documents = [document("甲", gated="采用CAR-T")]
    fill(engine, documents)
    assert found(engine, documents, "CAR-T", "1:hcp") == ["甲"]
    assert found(engine, documents, "CAR-T") == []


def test_traditional_script_and_greek_letters(engine):
    documents = [document("维生素D与骨质疏松"), document("TNF-α抑制剂")]
    fill(engine, documents)
    assert found(engine, documents, "骨質疏鬆") == ["维生素D与骨质疏松"]
    assert found(engine, documents, "TNF-alpha") == ["TNF-α抑制剂"]


def test_synonyms_match_as_phrases_on_open_and_gated_text(engine):
    groups = (("car-t", "嵌合抗原受体t细胞"),)
    documents = [
        document("甲", "嵌合抗原受体T细胞"),
        document("乙", gated="嵌合抗原受体T细胞"),
        document("丙", "细胞T受体抗原嵌合"),
        document("丁", "嵌合抗原\n受体T细胞"),
    ]
    fill(engine, documents)
    assert found(engine, documents, "CAR-T", groups=groups) == ["甲"]
    assert sorted(found(engine, documents, "CAR-T", "1:hcp", groups=groups)) == ["乙", "甲"]
    assert found(engine, documents, "CAR-T") == []


def test_pairs_stand_together_or_with_one_character_between(engine):
    documents = [document(title) for title in ("肺癌", "肺腺癌", "肺炎", "胃癌", "肺炎与胃癌", "癌肺")]
    fill(engine, documents)
    assert found(engine, documents, "肺癌") == ["肺癌", "肺腺癌"]


def test_filters_by_zone_and_leaves_out_what_is_withheld(engine):
    documents = [document("痛风一", zone_id=1), document("痛风二", zone_id=2), document("痛风三", zone_id=2)]
    fill(engine, documents)
    assert sorted(found(engine, documents, "痛风", zone_slug="zone-2")) == ["痛风三", "痛风二"]
    assert found(engine, documents, "痛风", zone_slug="none") == []
    withheld = frozenset({documents[2].id})
    answer = ask(engine, "痛风", zone_slug="zone-2", withheld=withheld)
    assert (titles(documents, answer), answer.total) == (["痛风二"], 1)


def test_pages_follow_each_other_and_ties_go_to_the_newer_article(engine):
    documents = [document(f"痛风{number}", sequence=number) for number in range(900, 925)]
    fill(engine, documents)
    engine.apply([documents[3]], [])  # written last, and still not first
    engine.apply([replace(documents[24], date=date(2020, 1, 1))], [])
    pages = [ask(engine, "痛风", offset=offset, limit=10) for offset in (0, 10, 20, 30)]
    order = [hit.sequence for page in pages for hit in page.hits]
    assert order == [*range(923, 899, -1), 924]
    assert {page.total for page in pages} == {25}


def test_apply_replaces_and_removes_and_is_seen_at_once(engine):
    documents = [document("痛风"), document("哮喘")]
    fill(engine, documents)
    changed = document("骨折", sequence=documents[0].sequence + 1000, id=documents[0].id)
    applied = engine.apply([changed], [documents[1].id, document().id])
    assert (applied.written, dict(applied.failed)) == (1, {})
    assert found(engine, documents, "痛风") == []
    assert found(engine, documents, "哮喘") == []
    assert [hit.sequence for hit in ask(engine, "骨折").hits] == [changed.sequence]
    assert list(engine.inventory()) == [(changed.id, changed.sequence)]


def test_moving_to_another_key_takes_the_old_key_away(engine):
    before = document("甲", gated="秋水仙碱", zone_id=1)
    fill(engine, [before])
    engine.apply([document("甲", gated="秋水仙碱", zone_id=2, id=before.id)], [])
    assert ask(engine, "秋水仙碱", "1:hcp").total == 0
    assert ask(engine, "秋水仙碱", "2:hcp").total == 1


def test_swap_is_one_step_and_deletes_what_was_in_use(engine):
    old, new = [document("痛风")], [document("痛风"), document("痛风")]
    fill(engine, old)
    engine.create(f"{engine.index}-second")
    engine.load(f"{engine.index}-second", new)
    assert ask(engine, "痛风").total == 1
    engine.swap(f"{engine.index}-second")
    assert ask(engine, "痛风").total == 2
    with pytest.raises(IndexUnusable):
        engine.swap(f"{engine.index}-none")
    assert ask(engine, "痛风").total == 2
    engine.create(f"{engine.index}-first")  # the old one is gone, its name is free


def test_discarding_leaves_the_index_in_use_alone(engine):
    fill(engine, [document("痛风")])
    engine.create(f"{engine.index}-half")
    engine.discard(f"{engine.index}-half")
    engine.discard(f"{engine.index}-never-made")
    assert ask(engine, "痛风").total == 1


def test_without_an_index_everything_says_so(engine):
    with pytest.raises(IndexUnusable):
        ask(engine, "痛风")
    with pytest.raises(IndexUnusable):
        engine.apply([document()], [])
    with pytest.raises(IndexUnusable):
        list(engine.inventory())


def test_drop_deletes_everything(engine):
    fill(engine, [document("痛风")])
    engine.drop()
    with pytest.raises(IndexUnusable):
        ask(engine, "痛风")


def test_hostile_queries_are_words_and_nothing_else(engine):
    documents = [document("痛风 title:public OR *")]
    fill(engine, documents)
    for query in (
        '痛风" OR gated',
        "痛风*~2^9",
        "title:痛风 AND (",
        "{痛风}\\",
        "gated.k1_hcp.text.uni:痛风",
    ):
        assert ask(engine, query, "1:hcp").total in (0, 1)
    assert ask(engine, "*:* AND gated").total == 0
    assert ask(engine, "癌" * 200).total == 0
    long = "".join(chr(0x4E00 + step * 7) for step in range(200))
    scope = [f"{number}:hcp" for number in range(1, 21)]
    assert ask(engine, long, *scope).total == 0


def test_a_very_long_article_is_indexed(engine):
    text = "\n".join(["甲乙丙丁" * 50] * 500 + ["x" * 70_000, "秋水仙碱"])
    fill(engine, [document("长文", gated=text)])
    assert ask(engine, "秋水仙碱", "1:hcp").total == 1
