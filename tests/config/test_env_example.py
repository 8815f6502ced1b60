"""`.env.example` names every variable that config/env.py reads, with a comment, and no other."""

from __future__ import annotations

import ast
import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.test_architecture import PACKAGES, tracked

ROOT = Path(__file__).resolve().parents[2]


def variables_read() -> set[str]:
    tree = ast.parse((ROOT / "config" / "env.py").read_text(encoding="utf-8"))
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def variables_documented() -> dict[str, str]:
    """Name → the line above it."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {
        match[1]: above
        for above, line in itertools.pairwise(lines)
        if (match := re.match(r"#?([A-Z_]+)=", line))
    }


def test_no_variable_stands_twice():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = re.findall(r"^#?([A-Z_]+)=", text, re.M)
    assert len(names) == len(set(names))


def test_the_reader_is_understood():
    assert {"SECRET_KEY", "XINGLIN_VAR", "PORT"} <= variables_read()


def names_in_env() -> set[str]:
    """The names under which config/env.py hands the variables on."""
    tree = ast.parse((ROOT / "config" / "env.py").read_text(encoding="utf-8"))
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and "env." in ast.unparse(node.value)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def names_used(source: str) -> set[str]:
    """X of each `env.X`."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "env"
    }


def test_every_variable_is_used():
    modules = [path for package in (*PACKAGES, "benchmarks") for path in tracked(f"{package}/*.py")]
    used = set().union(*(names_used(p.read_text("utf-8")) for p in modules if p.name != "env.py"))
    assert len(names_in_env()) > 40
    assert names_in_env() - used == set()


def test_every_setting_of_ours_is_read():
    """What no code reads does nothing, however well it is documented."""
    settings = tracked("config/settings/*.py")
    ours = {
        name
        for path in settings
        for name in re.findall(r"^(XINGLIN_\w+)\b.*=", path.read_text("utf-8"), re.MULTILINE)
    }
    readers = "\n".join(
        path.read_text("utf-8")
        for package in PACKAGES
        for path in (*tracked(f"{package}/*.py"), *tracked(f"{package}/*.html"))
        if path not in settings
    )
    assert len(ours) > 15
    assert {name for name in ours if not re.search(rf"\b{name}\b", readers)} == set()


def test_every_variable_is_documented_and_no_other():
    assert set(variables_documented()) == variables_read()


def test_every_variable_has_a_comment():
    bare = [name for name, above in variables_documented().items() if not above.startswith("# ")]
    assert bare == []


def test_the_example_holds_no_secret():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "XINGLIN_CREDENTIAL_KEYS", "XINGLIN_CONSENT_KEY", "XINGLIN_OIDC_PRIVATE_KEY"):
        assert re.search(rf"^{name}=$", text, re.MULTILINE), name


def test_a_copy_as_it_is_changes_nothing():
    """Each value is empty or the default: with the file and without it, the settings are the same."""
    show = (
        "import config.settings.local as settings; "
        "print({name: value for name, value in vars(settings).items() "
        "if name.isupper() and name != 'LOGGING' and 'LANGUAGES' not in name})"
    )
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    copied = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))

    def settings(tmp: dict[str, str]) -> str:
        return subprocess.run(
            [sys.executable, "-c", show],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **tmp},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert len(copied) > 30
    assert settings(copied) == settings({})
