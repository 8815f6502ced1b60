"""Documents of our own with every structure that is recognised, and the drafts that they become."""

from __future__ import annotations

import re

import pytest

from exchange.importing import document
from exchange.importing.draft import Figure, Section, Steps, Table
from tests.exchange.importing.golden import DOCUMENTS, plain, words

LABELS = {
    "参考文献",
    "非原创",
    "title",
    "author",
    "source",
    "originality",
    "translated",
    "images",
    "javascript",
}
"""What a form says by itself: it needs no words in the document."""


def draft_of(name: str):
    path = next(DOCUMENTS.glob(f"{name}.md"), None) or DOCUMENTS / f"{name}.txt"
    form = document.FORMATS[path.suffix]
    return document.parse(path.read_text(encoding="utf-8"), form, fallback_title=name)


@pytest.mark.parametrize("name", ["paper", "page", "notes"])
def test_the_draft_is_the_stored_one(name, golden):
    golden(f"tests/exchange/importing/documents/{name}.json", plain(draft_of(name)))


@pytest.mark.parametrize("name", ["paper", "page", "notes"])
def test_line_ends_and_a_mark_change_nothing(name):
    path = next(DOCUMENTS.glob(f"{name}.md"), None) or DOCUMENTS / f"{name}.txt"
    text = path.read_text(encoding="utf-8")
    form = document.FORMATS[path.suffix]
    assert document.parse("\ufeff" + text.replace("\n", "\r\n"), form, fallback_title=name) == draft_of(name)


@pytest.mark.parametrize("name", ["paper", "page", "notes"])
def test_every_run_of_words_is_in_the_draft(name):
    path = next(DOCUMENTS.glob(f"{name}.md"), None) or DOCUMENTS / f"{name}.txt"
    said = "".join(words(draft_of(name)).split())
    runs = re.findall(
        r"[\u4e00-\u9fff]{3,}|[A-Za-z]{5,}", re.sub(r"<[^<>]*>|\\\w+", " ", path.read_text("utf-8"))
    )
    assert len(runs) > 20
    assert {run for run in runs if run not in said} <= LABELS


def test_lines_in_the_report_are_lines_of_the_file():
    source = (DOCUMENTS / "paper.md").read_text(encoding="utf-8").split("\n")
    notes = {note.kind.value: note for note in draft_of("paper").notes}
    assert "样本中有两例" in source[notes["not_a_heading"].line - 1]
    assert "关键词" in source[notes["keywords"].line - 1]
    assert "参考文献" in source[notes["reference_absent"].line - 1]


def test_the_page_is_recognised_by_its_structure():
    draft = draft_of("page")
    steps = [block for block in draft.walk() if isinstance(block, Steps)]
    figures = [block for block in draft.walk() if isinstance(block, Figure)]
    sections = [block.heading for block in draft.walk() if isinstance(block, Section)]
    assert [step.title for step in steps[0].items] == ["准备记录本", "测量峰流速"]
    assert [(figure.number, figure.source) for figure in figures] == [(1, "www.example.org/peak-flow")]
    assert sections == ["为什么夜间更容易发作", "什么时候就医"]
    assert len([block for block in draft.walk() if isinstance(block, Table)]) == 1
