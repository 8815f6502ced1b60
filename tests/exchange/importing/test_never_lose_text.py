"""Whatever a file holds: the parsers answer, and no word of it disappears."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.importing import document
from exchange.importing.draft import DraftArticle, Figure, Section, Table
from tests.exchange.importing.golden import words
from tests.exchange.importing.strategies import MARKDOWN, PLAIN, documents, words_of

AN_ALPHABET = (
    "图表文献摘要作者来源一二参考：。，（） \t\n\n0123456789abTde\u3000\ufeff\x00\x0b"
    "#*_-|>`$\\{}[]()<>/=\"'!:.,&;~^"
)


def assert_nothing_lost(source: str, draft: DraftArticle) -> None:
    own_summary = (
        draft.summary if source.startswith("---") else ""
    )  # a line of metadata, not a part of the text
    said = "".join((words(draft) + own_summary).split())
    missing = [word for word in words_of(source) if word not in said]
    assert not missing, f"{missing} lost from {source!r}"


def assert_well_formed(draft: DraftArticle) -> None:
    keys = [(type(block), block.key) for block in draft.walk() if isinstance(block, Figure | Table)]
    assert len(keys) == len(set(keys))
    for block in draft.walk():
        if isinstance(block, Section):
            assert block.heading.strip()
            assert 1 <= block.level <= 3
            assert all(child.level == block.level + 1 for child in block.body if isinstance(child, Section))


@pytest.mark.parametrize("scanned", [False, True])
@settings(max_examples=150, deadline=None)
@given(source=documents(MARKDOWN))
def test_markdown_keeps_every_word(scanned, source):
    draft = document.parse(source, "markdown", fallback_title="x", scanned=scanned)
    assert_nothing_lost(source, draft)
    assert_well_formed(draft)


@settings(max_examples=150, deadline=None)
@given(documents(PLAIN))
def test_plain_text_keeps_every_word(source):
    draft = document.parse(source, "text", fallback_title="x")
    assert_nothing_lost(source, draft)
    assert_well_formed(draft)


@pytest.mark.parametrize("form", ["markdown", "text"])
@settings(max_examples=120, deadline=None)
@given(source=st.text(alphabet=AN_ALPHABET, max_size=300) | st.text(max_size=200))
def test_any_text_is_read(form, source):
    draft = document.parse(source, form, fallback_title="文件名")
    assert draft.title
    assert_well_formed(draft)
    assert document.parse(source, form, fallback_title="文件名") == draft
