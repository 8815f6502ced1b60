"""What is taken as the same, and what is kept whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import Tokens, bigrams, codes, fold, fold_with_origins, unigrams


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ＰＤ－１", "pd-1"),
        ("PD‐1", "pd-1"),
        ("PD–1", "pd-1"),
        ("肺癌標靶治療", "肺癌标靶治疗"),
        ("TNF-α", "tnf-alpha"),
        ("TNFα", "tnf-alpha"),
        ("β2微球蛋白", "beta-2微球蛋白"),
        ("γ‑干扰素", "gamma-干扰素"),
        ("㎎", "mg"),
        ("Hb\u200bA1c", "hba1c"),
        ("a\ud800b", "a?b"),
    ],
)
def test_folding(written, meant):
    assert fold(written) == meant


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text) or fold(text) != text


def test_unigrams_are_characters_and_whole_words():
    assert unigrams(fold("PD-1抑制剂，剂量3.5 mg")) == ("pd", "1", "抑", "制", "剂", "剂", "量", "3.5", "mg")


def test_bigrams_do_not_cross_what_separates_words():
    assert bigrams(fold("肺癌，早筛")) == ("肺癌", "早筛")
    assert bigrams(fold("肺 癌")) == ("肺", "癌")
    assert bigrams(fold("肺癌CT筛")) == ("肺癌", "ct", "筛")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PD-1/PD-L1抑制剂", ("pd1", "pdl1")),
        ("PD1", ("pd1",)),
        ("CAR-T细胞", ("cart",)),
        ("HbA1c≥7.5%", ("hba1c",)),
        ("TNF-alpha 与 TNFα", ("tnfalpha",)),
        ("cancer 2026 3.5", ()),
        ("x" * 50 + "1", ()),
    ],
)
def test_codes_are_kept_whole(text, found):
    assert codes(fold(text)) == found


@given(st.text(max_size=80))
def test_origins_point_into_the_text(text):
    folded, origins = fold_with_origins(text)
    assert len(folded) == len(origins)
    assert origins == sorted(origins)
    assert all(0 <= place < len(text) for place in origins)


@given(st.text(max_size=200))
def test_tokens_hold_no_space_and_are_the_same_each_time(text):
    tokens = Tokens.of(text)
    assert tokens == Tokens.of(text)
    assert all(
        token and not any(char.isspace() for char in token) for token in tokens.unigrams + tokens.bigrams
    )
