"""Golden files: answers, articles, drafts as committed. `make golden` writes them; git shows the change."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 80  # lines of a difference
_written: list[Path] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write the golden files, run nothing else")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Writing runs the tests that compare with a golden file, and no other."""
    if config.getoption("--write-golden"):
        items[:] = [item for item in items if "golden" in getattr(item, "fixturenames", ())]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for path in _written:
        terminalreporter.write_line(f"written: {path.relative_to(ROOT)}")


def as_text(value: Any) -> str:
    """A golden file's text: a text as it is, anything else as JSON in the order of its members."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def difference(expected: str, actual: str, name: str) -> str:
    """The lines that differ with their neighbours, the first SHOWN of them."""
    lines = list(
        difflib.unified_diff(
            expected.splitlines(), actual.splitlines(), f"{name} (committed)", "now", lineterm=""
        )
    )
    left_out = [f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
    return "\n".join(lines[:SHOWN] + left_out)


def compare(name: str, value: Any, *, write: bool) -> None:
    """Fail with the difference to the committed file, or write it."""
    __tracebackhide__ = True
    path, actual = ROOT / name, as_text(value)
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    if expected == actual:
        return
    if write:
        path.write_text(actual, encoding="utf-8")
        _written.append(path)
        return
    pytest.fail(
        f"{difference(expected, actual, name)}\n\n{name} is not what the code makes now. If that is meant: "
        "make golden, read git diff, name the change in CHANGELOG.md.",
        pytrace=False,
    )


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Callable[[str, Any], None]:
    """golden("tests/contracts/x.json", value): the value is that of the committed file, to the letter."""
    return partial(compare, write=pytestconfig.getoption("--write-golden"))
