"""Every writer of the gate has a door: a view, the API, a command or a scheduled job leads to it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("api", "cms", "config", "exchange", "frontend_templates", "gate", "search")
# What fills the demo is nobody's door.
NO_DOORS = ("config/demo", "gate/migrations")
# Screens and commands are doors; models are what is written.
NO_WRITERS = ("gate/admin", "gate/management", "gate/migrations", "gate/models")
# Writers whose transaction is that of their caller, or begins inside.
WITHIN_A_TRANSACTION = (
    "steps/gates.py",
    "steps/turns.py",
    "verification/registers/checks.py",
    "verification/reminders.py",
    "verification/submission.py",
    "verification/transitions.py",
)


def is_atomic(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        "atomic" in ast.unparse(decorator) for decorator in node.decorator_list
    )


def writers() -> list[Path]:
    """Modules of the gate's rooms with a function that is a transaction, and those named above."""
    found = {ROOT / "gate" / name for name in WITHIN_A_TRANSACTION}
    for path in (ROOT / "gate").rglob("*.py"):
        is_room = not path.relative_to(ROOT).as_posix().startswith(NO_WRITERS)
        if is_room and any(map(is_atomic, ast.parse(path.read_text(encoding="utf-8")).body)):
            found.add(path)
    return sorted(found)


WRITERS = writers()
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in WRITERS}
# Other packages import from the rooms (their __init__.pyi).
ROOMS = {f"gate.{path.relative_to(ROOT).parts[1]}" for path in WRITERS}


def public_functions(path: Path) -> dict[str, ast.FunctionDef]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}


def names_in(tree: ast.AST) -> set[str]:
    """Every name that is read: calls, and functions that are handed on."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def imported_from_writers(path: Path) -> set[str]:
    """What a module reads of the writers' modules, also as `decisions.approve`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = names_in(tree)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module in MODULES | ROOMS:
                found |= {alias.name for alias in node.names if (alias.asname or alias.name) in used}
            elif any(f"{node.module}.{alias.name}" in MODULES | ROOMS for alias in node.names):
                found |= used
    return found


@cache
def doors() -> set[str]:
    """The writers' functions that modules other than the writers themselves use."""
    found: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            inside = (
                path in WRITERS
                or path.name == "__init__.py"
                or path.relative_to(ROOT).as_posix().startswith(NO_DOORS)
            )
            if not inside:
                found |= imported_from_writers(path)
    return found


@cache
def reached() -> set[str]:
    """Also what those functions use in their turn, through functions that are private to the writers."""
    uses: dict[str, set[str]] = {}
    for path in WRITERS:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                uses.setdefault(node.name, set()).update(names_in(node) - {node.name})
            elif isinstance(node, ast.Assign):  # a table of functions, as of formats
                for target in node.targets:
                    uses.setdefault(ast.unparse(target), set()).update(names_in(node.value))
    found, waiting = set(), doors() & uses.keys()
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= (uses[name] & uses.keys()) - found
    return found


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: path.relative_to(ROOT / "gate").as_posix())
def test_no_writer_is_without_a_door(path):
    assert sorted(public_functions(path).keys() - reached()) == []


def test_steps_are_taken_by_one_function():
    assert "take_step" in doors()


@pytest.mark.parametrize(
    "name", ["revoke", "propose_revocation", "revoke_admission", "reopen_admission", "grant"]
)
def test_the_ways_to_take_and_give_access_are_among_them(name):
    assert name in doors()


def test_a_writer_that_only_the_demo_or_nobody_uses_is_found(tmp_path):
    lonely = tmp_path / "lonely.py"
    lonely.write_text("def open_everything():\n    return approve()\n", encoding="utf-8")
    assert public_functions(lonely).keys() - reached() == {"open_everything"}
