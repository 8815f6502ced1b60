"""`.env.example` names every variable that config/env.py reads, with a comment, and no other."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

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
        if (match := re.match(r"([A-Z_]+)=", line))
    }


def test_the_reader_is_understood():
    assert {"SECRET_KEY", "XINGLIN_VAR", "PORT"} <= variables_read()


def test_every_variable_is_documented_and_no_other():
    assert set(variables_documented()) == variables_read()


def test_every_variable_has_a_comment():
    bare = [name for name, above in variables_documented().items() if not above.startswith("# ")]
    assert bare == []


def test_the_example_holds_no_secret():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "XINGLIN_CREDENTIAL_KEYS", "XINGLIN_CONSENT_KEY", "XINGLIN_OIDC_PRIVATE_KEY"):
        assert re.search(rf"^{name}=$", text, re.MULTILINE), name
