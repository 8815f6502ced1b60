"""The documentation leads somewhere: each relative link and picture is a file of the repository."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import tracked

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page):
    targets = {a or b for a, b in LINK.findall(page.read_text(encoding="utf-8"))}
    local = {target.split("#")[0] for target in targets if "://" not in target and not target.startswith("#")}
    assert [target for target in sorted(local) if not (page.parent / target).exists()] == []


def test_every_picture_is_shown_somewhere():
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = [path.name for path in (ROOT / "docs" / "screenshots").iterdir()]
    assert pictures
    assert [name for name in pictures if name not in shown] == []


def test_every_test_that_the_documentation_names_exists():
    named = {
        (path, name)
        for page in PAGES
        for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8"))
    }
    assert named
    gone = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not re.search(rf"^ *def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert gone == []


def comments(source: str) -> Iterator[str]:
    """Comments and docstrings of a module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""


def written_for_readers() -> dict[str, str]:
    """Path → the text that explains: whole documents, of modules their comments and docstrings."""
    found = {}
    for path in (
        path for kind in ("*.md", "*.toml", "*.yaml", "Makefile", "bin/*") for path in tracked(kind)
    ):
        if path.suffix != ".py" and not path.is_relative_to(ROOT / "tests"):
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    for path in tracked("*.py"):
        found[str(path.relative_to(ROOT))] = "\n".join(comments(path.read_text(encoding="utf-8")))
    return found


# Examples of what a user of the programs names, and the file beside each article of an importer's folder.
EXAMPLES = {"FILE.md", "article.md", "paper.md", "notes.md"}
# Notes that stay outside the repository: their numbers and words tell its readers nothing.
OUTSIDE = re.compile(r"\b[Pp]itfalls?\b|\bHabit \d|\.\./shared|\bof the design\)")


def dangling(text: str, files: set[str]) -> set[str]:
    """Documents that the text names and the repository does not hold, and words of notes outside it."""
    names = {name.lstrip("./") for name in re.findall(r"(?<![\w/*])[\w./-]+\.md\b", text)} - EXAMPLES
    missing = {name for name in names if not any(f"/{file}".endswith(f"/{name}") for file in files)}
    return missing | set(OUTSIDE.findall(text))


def test_nothing_refers_to_a_document_outside_the_repository():
    files = {str(path.relative_to(ROOT)) for path in tracked("*.md")}
    found = {path: dangling(text, files) for path, text in written_for_readers().items()}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "text", ["see threats.md", "Pitfall G4: each", "# Habit 1 says", "`docs/style.md`", "import ../shared/x"]
)
def test_such_a_reference_is_found(text):
    assert dangling(text, {"docs/architecture.md", "README.md"})


def glossary_names(text: str) -> set[str]:
    """The identifiers of the glossary's column "in code"; commands are left out."""
    cells = [row.split("|")[2] for row in text.splitlines() if row.startswith("| ") and row.count("|") == 4]
    return {name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)}


def test_every_name_of_the_glossary_is_in_the_code():
    names = glossary_names((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    product = [path for path in tracked("*.py") if not path.is_relative_to(ROOT / "tests")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in product)
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in product}
    packages = {name.removesuffix(".__init__") for name in modules}
    assert len(names) > 40
    unknown = {
        name
        for name in names - packages
        if not all(re.search(rf"\b{part}\b", code) for part in name.split("."))
    }
    assert unknown == set()


def test_a_name_that_is_gone_from_the_code_is_noticed():
    assert glossary_names("| zone | `ZonePage`, `OldName` | a section |") == {"ZonePage", "OldName"}
