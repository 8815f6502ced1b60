"""Articles as editors write them, each with the article that its editor wants."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from exchange.importing import document
from exchange.importing.document import FORMATS
from exchange.importing.draft import DraftArticle
from tests.exchange.importing.golden import words
from tests.exchange.importing.outline import like, outline

EDITORS = Path(__file__).parent / "editors"
FILES = sorted(path for path in EDITORS.iterdir() if path.suffix in FORMATS and path.stem != "README")
STYLES = {"wechat", "notice", "guideline", "congress", "review", "abstract"}
LABELS = re.compile(
    "作者|原作者|编译|原文|来源|出处|原创|供稿|执笔|发布时间|发布日期|原文链接|原文出处|图片来源|参考文献|参考来源|参考资料|年|月|日|二〇二六年八月二十日|"
    "Source|References|Published|Last|updated|March|July|Figure|Table|table"
)
"""What a form says by itself: it needs no words in the document."""

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def draft_of(path: Path) -> DraftArticle:
    return document.parse(path.read_text(encoding="utf-8"), FORMATS[path.suffix], fallback_title=path.stem)


def wanted(path: Path) -> dict:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_each_style_has_two_files():
    styles = [path.stem.partition("_")[0] for path in FILES]
    assert {style: styles.count(style) >= 2 for style in STYLES} == dict.fromkeys(STYLES, True)


@each_file
def test_the_article_is_the_one_that_its_editor_wants(path):
    assert like(outline(draft_of(path)), wanted(path)) == wanted(path)


@each_file
def test_no_word_of_it_is_lost(path):
    draft = draft_of(path)
    beside = " ".join(f"{author.title} {author.affiliation}" for author in draft.byline)
    said = "".join((words(draft) + beside).split())
    runs = re.findall(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{4,}", path.read_text(encoding="utf-8"))
    assert {run for run in runs if run not in said and not LABELS.fullmatch(run)} == set()
