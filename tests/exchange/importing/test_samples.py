"""The real papers and the real page.

No sentence of theirs is in this file: expectations come from their index and from rules for any paper.
"""

from __future__ import annotations

import re

import pytest

from exchange.importing import document
from exchange.importing.draft import (
    Callout,
    DraftArticle,
    Figure,
    Originality,
    References,
    Section,
    Steps,
    Table,
)
from exchange.importing.notes import NoteKind
from tests.exchange.importing.golden import plain, words
from tests.exchange.importing.samples import PAGE, papers, text_of

LABELS = {"参考文献", "JRinaldi"}
"""What no document needs: the title of the list, and a bracket that the scan read as J."""

each_paper = pytest.mark.parametrize("paper", papers(), ids=lambda paper: paper["id"])


def parse(paper: dict[str, str]) -> DraftArticle:
    return document.parse(text_of(paper), "markdown", fallback_title=paper["id"])


def noted(draft: DraftArticle, kind: NoteKind) -> int:
    return sum(note.kind == kind for note in draft.notes)


@each_paper
def test_titles_tables_and_pictures_are_those_of_the_index(paper):
    draft = parse(paper)
    tables = [block for block in draft.walk() if isinstance(block, Table) and not block.placeholder]
    pictures = [block for block in draft.walk() if isinstance(block, Figure) and block.picture]
    assert draft.title.startswith(paper["title"].strip())
    assert len(tables) + noted(draft, NoteKind.TABLE_CONTINUED) == int(paper["tables"])
    assert len(pictures) + noted(draft, NoteKind.PICTURE_UNCAPTIONED) == text_of(paper).count("![")


@each_paper
def test_figures_and_tables_keep_the_numbers_of_the_paper(paper):
    draft = parse(paper)
    for kind in (Figure, Table):
        numbers = [block.number for block in draft.walk() if isinstance(block, kind)]
        assert numbers == list(range(1, len(numbers) + 1))


@each_paper
def test_abstract_sections_and_references_are_found(paper):
    draft = parse(paper)
    references = [block for block in draft.body if isinstance(block, References)]
    assert len(references[0].items) >= 5
    assert any(isinstance(block, Callout) for block in draft.body)
    assert any(isinstance(block, Section) for block in draft.body)
    assert 20 <= len(draft.summary) <= 200


@each_paper
def test_every_run_of_words_is_in_the_document(paper):
    formulas = re.sub(r"\$\$.*?\$\$", " ", text_of(paper), flags=re.DOTALL)
    text = re.sub(r"\$[^$\n]*\$|!\[[^\]]*\]\([^)]*\)|<[^<>]*>|\\\w*", " ", formulas)
    said = "".join(words(parse(paper)).split())
    assert {run for run in re.findall(r"[\u4e00-\u9fff]{3,}|[A-Za-z]{5,}", text) if run not in said} <= LABELS


@each_paper
def test_every_reference_in_the_text_leads_somewhere(paper):
    draft = parse(paper)
    keys = {block.key for block in draft.walk() if isinstance(block, Figure | Table)}
    said = str(plain(draft))
    assert set(re.findall(r"\[[图表]:([\w.-]+)\]", said)) <= keys


def test_the_page():
    source = PAGE.read_text(encoding="utf-8")
    draft = document.parse(source, "text")
    (steps,) = [block for block in draft.walk() if isinstance(block, Steps)]
    (figure,) = [block for block in draft.walk() if isinstance(block, Figure)]
    final_source = re.findall(r"^来源:(.+)$", source, re.MULTILINE)[-1]
    dialog = next(note for note in draft.notes if note.kind == NoteKind.NOT_ARTICLE)
    comments = next(note for note in draft.notes if note.kind == NoteKind.COMMENTS)
    assert len(steps.items) == 4
    assert figure.number == 1
    assert figure.source.startswith("www.")
    assert figure.caption
    assert draft.originality == Originality.REPUBLISHED
    assert draft.source_organisation == final_source
    assert f"{draft.date}作者:{draft.byline[0].name}" in source
    assert f"\n{draft.title}\n" in source
    assert len([block for block in draft.walk() if isinstance(block, Section)]) == 3
    assert "{{ item.question }}" in dialog.text
    assert comments.text.startswith("200 ")
    assert "{{" not in str(plain(draft)["body"])
    runs = re.findall(r"[\u4e00-\u9fff]{3,}", source)
    assert {run for run in runs if run not in "".join(words(draft).split())} == {"非原创"}
