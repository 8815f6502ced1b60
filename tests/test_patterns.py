"""No regular expression takes more than linear time over foreign text.

Every literal pattern of the code is run over hostile texts. A run that takes long enough to be measured is
measured again at a quarter of the length: linear work takes four times as long, quadratic work sixteen. So
the clock is only compared with itself.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

import exchange
from cms import cross_references
from cms.blocks.kinds import plain
from cms.blocks.registry import reference_words
from cms.characters import clean_line, clean_text
from cms.spreadsheets import safe
from config.redaction import redacted
from exchange.importing import document
from exchange.importing.formats import html_tables
from exchange.importing.recognition import credit_lines, people
from gate.consent import diff
from gate.models import AgreementVersion
from search import analysis, asking

PACKAGES = ("cms", "exchange", "gate", "api", "config", "frontend_templates", "search")
WORDS = reference_words()
FUNCTIONS = ("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
LENGTH = 6_000
MEASURABLE = 0.02  # seconds of this process; a linear run of LENGTH characters takes a thousandth
# Four times the length: linear is 4, quadratic 16.
MOST_GROWTH = 9.0

# What programs send to find a slow pattern: long runs of whatever a pattern repeats, without what ends it.
PIECES = (
    " ", "\u3000", "\t", " \n", "a", "0", "1 ", "一", "<", "<a ", "<b>", "</b>", "(", "（", "[",
    "[1", "【 ", '"', "-", "0-", "--", "=", "\\", "$", "图", "图1", "表 1", "关 ", "摘 ", "<!--",
    "http://", "//a:", "10.1234/", "a@", "a.", "Ab ", "。", "，", ": ", "1. ", 'a="', "&", "{",
    "Key (", "Key (a)=(", "?a=", "1-", "/a", "*", "# ", "1、", "第", "作者", "<li>", "<table", "|",
    "；", "token ",
)  # fmt: skip
TAILS = ("", "!", "x\n")
# Used only up to the last place where they can end, so that nothing is sought in vain.
CUT_BEFORE_USE = {r"<!--.*?-->", r"<li>(.*?)</li>"}


def literal_patterns() -> Iterator[tuple[str, int, str]]:
    """(place, flags, pattern) of every pattern that stands in the code as one literal."""
    for package in PACKAGES:
        for path in sorted(Path(settings.BASE_DIR, package).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if _is_of_re(node) and isinstance(node.args[0], ast.Constant):
                    words = ast.unparse(node)
                    flags = (re.I if "IGNORECASE" in words or "re.I" in words else 0) | (
                        re.S if "DOTALL" in words or "re.S)" in words else 0
                    )
                    yield f"{path.name}:{node.lineno}", int(flags), node.args[0].value


def _is_of_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in FUNCTIONS
        and bool(node.args)
    )


def seconds(work: Callable[[str], object], text: str, *, times: int = 1) -> float:
    """Of this process alone, the fastest of several."""
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work(text)
        taken.append(time.process_time() - begin)
    return min(taken)


def growth(work: Callable[[str], object], piece: str, tail: str, length: int, measurable: float) -> float:
    """How many times as long `work` takes for four times the length; 0 where it is too fast to tell."""
    long, short = (piece * (size // len(piece)) + tail for size in (length, length // 4))
    if seconds(work, long) < measurable:
        return 0.0
    slow = seconds(work, long, times=3)
    return 0.0 if slow < measurable else slow / max(seconds(work, short, times=3), measurable / 100)


def everywhere(pattern: re.Pattern[str]) -> Callable[[str], object]:
    def work(text: str) -> None:
        pattern.match(text)
        for _found in pattern.finditer(text):
            pass

    return work


def test_the_patterns_are_found():
    assert len(list(literal_patterns())) > 100


def test_every_pattern_of_the_code_is_linear():
    slow = []
    for place, flags, pattern in literal_patterns():
        if isinstance(pattern, bytes) or pattern in CUT_BEFORE_USE:
            continue
        work = everywhere(re.compile(pattern, flags))
        slow += [
            (place, pattern, piece)
            for piece in PIECES
            for tail in TAILS
            if growth(work, piece, tail, LENGTH, MEASURABLE) > MOST_GROWTH
        ]
    assert slow == []


def test_a_quadratic_pattern_would_be_found():
    """As it was found on this product."""
    work = everywhere(re.compile(r"\s+$"))
    assert growth(work, " ", "!", LENGTH, MEASURABLE) > MOST_GROWTH


def composed_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of exchange that are put together from lists of words when it is imported."""
    literal = {pattern for _, _, pattern in literal_patterns()}
    for found in pkgutil.walk_packages(exchange.__path__, "exchange."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and value.pattern not in literal:
                yield f"{found.name}.{name}", value


def test_every_composed_pattern_is_linear():
    patterns = dict(composed_patterns())
    assert len(patterns) > 10
    slow = [
        (name, piece)
        for name, pattern in patterns.items()
        for piece in PIECES
        for tail in TAILS
        if growth(everywhere(pattern), piece, tail, LENGTH, MEASURABLE) > MOST_GROWTH
    ]
    assert slow == []


HOSTILE = (
    " ", "\u3000", "0-", "<a ", "[", "摘 ", "图 1", "<!--", "<li>", "- a\n", "一、\n", "<b>", "作者 ",
    "1. ", "① ",
)  # fmt: skip


def sentences(text: str) -> object:
    version = AgreementVersion(title="t", text=text, links=[])
    return list(diff._sentences(version))


@pytest.mark.parametrize(
    "work",
    [
        clean_text,
        clean_line,
        safe,
        redacted,
        sentences,
        plain,
        asking.without_asking_words,
        lambda text: list(cross_references.references(text, WORDS)),
        lambda text: cross_references.replace_in_html(text, WORDS, lambda _series, key: key),
        lambda text: analysis.codes(analysis.fold(text)),
        lambda text: document.parse(text, "plain", fallback_title="t"),
        lambda text: document.parse(text, "markdown", fallback_title="t"),
        lambda text: document.parse(text, "markdown", fallback_title="t", scanned=True),
        lambda text: html_tables.read(f"<table><tr><td>{text}"),
        lambda text: [credit_lines.read(text[:size]) for size in (240, len(text))],
        people.credited,
    ],
    ids=[
        "text", "line", "cell", "log", "comparison", "plain", "asking", "references", "html", "codes",
        "plain text", "markdown", "scanned", "table", "credits", "people",
    ],
)  # fmt: skip
def test_what_takes_foreign_text_is_linear(work):
    """The patterns that are put together from parts, and what is made of all of them."""
    slow = [
        (piece, tail)
        for piece in HOSTILE
        for tail in ("", "!")
        if growth(work, piece, tail, 8_000, 0.3) > MOST_GROWTH
    ]
    assert slow == []


def test_fifty_thousand_spaces_in_a_line_are_trimmed():
    found = document.parse("题目\n\n正文" + " " * 50_000 + "结束。", "markdown", fallback_title="t")
    assert found.body
