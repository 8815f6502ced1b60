"""A reader without a key gets the same result whatever the text behind that key is.

The same hits, order, scores and totals. Word statistics, lengths and counts of hidden text must not show.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engines.base import EngineQuery
from search.plan import plan_query
from tests.factories.search import ask, document, fill

CANARY = "杏林金丝雀"
WORDS = st.lists(st.sampled_from(["肺癌", "痛风", "PD-1", "秋水仙碱", "治疗", CANARY, "\n"]), max_size=12)
TEXT = WORDS.map("".join)
KEYS = [(1, "hcp"), (1, "registered"), (2, "hcp")]
SCOPE = frozenset({"1:registered", "7:hcp"})
QUERIES = ["肺癌治疗", "PD1", CANARY, "请问痛风怎么办", "秋水仙碱 肺癌"]
GROUPS = (("痛风", CANARY), ("pd-1", "秋水仙碱"))


@st.composite
def corpora(draw):
    """Two corpora that differ only in gated text that the scope does not open."""
    shown, other = [], []
    for number, (zone_id, audience) in enumerate(
        draw(st.lists(st.sampled_from(KEYS), min_size=2, max_size=8)), 1
    ):
        one = document(
            draw(TEXT).replace("\n", "") or "标题",
            draw(TEXT),
            draw(TEXT),
            zone_id=zone_id,
            audience=audience,
            sequence=number,
        )
        shown.append(one)
        other.append(one if one.access_key in SCOPE else replace(one, gated_text=draw(TEXT)))
    return shown, other


def answers(engine, documents, name):
    fill(engine, documents, name)
    return [
        engine.search(EngineQuery(plan_query(query, GROUPS), scope, limit=50))
        for query in QUERIES
        for scope in (frozenset(), SCOPE)
    ]


@given(corpora())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hidden_text_changes_nothing(engine, pair):
    shown, other = pair
    assert answers(engine, shown, "one") == answers(engine, other, "two")


def test_hidden_text_changes_nothing_after_updates(engine):
    """Replaced documents stay in an index's statistics until they are merged away."""
    fill(engine, [document("肺癌", "治疗", CANARY, sequence=1), document("肺癌", "痛风", sequence=2)])
    before = [ask(engine, query, *SCOPE) for query in QUERIES]
    engine.apply([document("肺癌", "治疗", f"{CANARY}肺癌痛风" * 40, sequence=1)], [])
    after_hidden = [ask(engine, query, *SCOPE) for query in QUERIES]
    engine.apply([document("肺癌", "治疗", "", sequence=1)], [])
    after_nothing = [ask(engine, query, *SCOPE) for query in QUERIES]
    for answer, hidden, nothing in zip(before, after_hidden, after_nothing, strict=True):
        assert answer.total == hidden.total == nothing.total
        assert (
            [hit.id for hit in answer.hits]
            == [hit.id for hit in hidden.hits]
            == [hit.id for hit in nothing.hits]
        )


def test_the_canary_is_found_by_who_may_read_it(engine):
    fill(engine, [document("标题", gated=CANARY)])
    assert ask(engine, CANARY, "1:hcp").total == 1
    assert ask(engine, CANARY, *SCOPE).total == 0
