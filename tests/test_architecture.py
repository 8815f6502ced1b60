"""The rules of docs/architecture.md that a machine can watch: rooms, direction, sizes, names."""

from __future__ import annotations

import ast
import importlib
import re
import statistics
import subprocess
import tomllib
from pathlib import Path

import pytest
from importlinter import api as importlinter

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ["config", "frontend_templates", "api", "search", "gate", "cms"]
PACKAGES = [*LAYERS[:-1], "exchange", "cms"]
"""exchange stands beside search and gate: it imports cms alone."""
# About 300 is the aim (CONTRIBUTING.md); `make lint` names those above it.
LONGEST = 340
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}


def tracked(pattern: str) -> list[Path]:
    """Files of the project by glob, without those that git ignores."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def product_modules() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in tracked(f"{package}/*.py")
        if "migrations" not in path.parts and path.name != "__init__.py"
    ]


def imported(path: Path) -> set[str]:
    """Top-level names of the packages that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def contracts() -> dict[str, dict[str, object]]:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert options["root_packages"] == PACKAGES
    return {contract["id"]: contract for contract in options["contracts"]}


def test_the_layers_contract_exists_and_import_linter_reads_it():
    assert contracts()["layers"]["layers"] == LAYERS
    assert contracts()["layers"]["type"] == "layers"
    assert not contracts()["layers"].get("ignore_imports")
    read = importlinter.read_configuration(str(ROOT / "pyproject.toml"))
    assert LAYERS in [contract.get("layers") for contract in read["contracts_options"]]


@pytest.mark.parametrize("package", LAYERS)
def test_a_package_imports_only_what_stands_to_its_right(package):
    to_the_left = set(LAYERS[: LAYERS.index(package)])
    offenders = {
        str(path.relative_to(ROOT)): sorted(imported(path) & to_the_left)
        for path in tracked(f"{package}/*.py")
        if imported(path) & to_the_left
    }
    assert offenders == {}


def test_exchange_imports_cms_alone_and_only_outer_packages_import_it():
    contracts_of_exchange = {name for name in contracts() if name.startswith("exchange")}
    assert contracts_of_exchange == {"exchange", "exchange-knows-no-gate", "exchange-doors"}
    rooms = {room: {name for p in tracked(f"{room}/*.py") for name in imported(p)} for room in PACKAGES}
    assert rooms["exchange"] & set(PACKAGES) == {"exchange", "cms"}
    asking = {room for room, names in rooms.items() if "exchange" in names} - {"exchange"}
    assert asking <= {"config", "frontend_templates", "api"}


def test_every_package_says_what_it_is_for():
    for package in PACKAGES:
        tree = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{package} has no docstring"


def test_only_gate_grants_imports_guardian():
    assert {str(p.relative_to(ROOT)) for p in product_modules() if "guardian" in imported(p)} == {
        "gate/models/grants.py"
    }


def test_only_config_env_reads_the_environment():
    def reads(path: Path) -> bool:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb"):
                return True
            if isinstance(node, ast.Import) and any(a.name == "environ" for a in node.names):
                return True
            if isinstance(node, ast.ImportFrom) and node.module in ("environ", "os"):
                return any(a.name in ("environ", "getenv", "Env") for a in node.names)
        return False

    # wsgi and manage.py choose the profile before settings exist.
    allowed = {"config/env.py", "config/wsgi.py"}
    assert {str(p.relative_to(ROOT)) for p in product_modules() if reads(p)} == allowed


def test_the_policy_does_no_io():
    """`decide()` knows records only: no database, no cache, no clock of its own."""
    path = ROOT / "gate" / "decision" / "policy.py"
    standard = {"__future__", "collections", "dataclasses", "datetime", "enum", "math", "typing"}
    assert imported(path) <= standard | {"cms", "gate", "django"}
    source = path.read_text(encoding="utf-8")
    for word in ("objects.", "timezone.now", "datetime.now", "cache.", "settings.", "open("):
        assert word not in source


def test_the_median_module_has_less_than_a_hundred_lines():
    sizes = [len(path.read_text(encoding="utf-8").splitlines()) for path in product_modules()]
    assert statistics.median(sizes) < 100


def test_no_module_is_too_long_to_be_read_in_one_go():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in product_modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_every_module_has_a_name_and_a_docstring_that_say_something():
    nameless = [
        str(p.relative_to(ROOT)) for p in product_modules() if EMPTY_NAMES & {p.stem, *p.parent.parts}
    ]
    silent = [
        str(p.relative_to(ROOT))
        for p in product_modules()
        if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert (nameless, silent) == ([], [])


def test_the_rooms_are_those_of_the_architecture():
    rooms = {path.relative_to(ROOT).parts[0] for path in tracked("*.py") if path.parent != ROOT}
    assert rooms <= {*PACKAGES, "tests", "benchmarks", "bin"}


def test_no_tracked_file_names_a_package_index():
    suspicious = ("--index-url", "--extra-index-url", "--find-links", "/simple/")
    places = ("*.lock", "*.toml", "Makefile", "Dockerfile", ".ci/*", "bin/*")
    texts = {str(path): path.read_text(encoding="utf-8") for place in places for path in tracked(place)}
    assert len(texts) > len(places)
    assert [path for path, text in texts.items() if any(word in text for word in suspicious)] == []


def test_no_test_is_skipped():
    """What cannot run here is not collected (markers); a skip would hide what was promised."""
    # Put together here, so that this file does not name itself.
    words = ("pytest." + "skip", "mark." + "skip", "importor" + "skip", "mark." + "xfail")
    texts = {str(path): path.read_text(encoding="utf-8") for path in tracked("tests/*.py")}
    assert [path for path, text in texts.items() if any(word in text for word in words)] == []


def doors() -> dict[str, set[str]]:
    """By room of gate: the names that its __init__.pyi offers to other packages."""
    offered = {}
    for path in tracked("gate/*/__init__.pyi"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
        offered[f"gate.{path.parent.name}"] = names
    return offered


def used_from(module: str) -> set[str]:
    """The names that other packages import from `module`."""
    return {
        alias.name
        for path in product_modules()
        if path.relative_to(ROOT).parts[0] != "gate"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


@pytest.mark.parametrize("room", sorted(doors()))
def test_a_door_of_the_gate_opens_and_is_used(room):
    """What the stub promises to mypy is there at run time, and nothing is offered that no package takes."""
    package = importlib.import_module(room)
    assert {name for name in doors()[room] if not hasattr(package, name)} == set()
    assert doors()[room] == used_from(room)


def test_import_linter_holds_the_floors_and_the_doors_of_the_gate():
    floors = contracts()["gate-floors"]
    parts = [path.relative_to(ROOT).parts for path in tracked("gate/*/__init__.py")]
    rooms = {folders[1] for folders in parts if len(folders) == 3}
    named = {name.strip() for layer in floors["layers"] for name in re.split("[|:]", layer)}
    assert rooms - named == {"migrations"}
    shut = set(contracts()["gate-doors"]["forbidden_modules"])
    assert {f"gate.{room}.*" for room in rooms} - shut == {
        "gate.management.*",
        "gate.migrations.*",
        "gate.templatetags.*",
    }  # which Django alone loads
    assert set(contracts()["gate-doors"]["source_modules"]) == {*PACKAGES} - {"gate", "cms"}


# Django and Wagtail find these by their names.
FOUND_BY_NAME = {"admin", "apps", "models", "urls", "wagtail_hooks", "__main__"}
# Folders whose modules are named by the subject that a module beside them also has: its rows, its JSON.
NAMED_BY_SUBJECT = {"models", "shapes", "settings", "commands"}
# A gate room may have what another room has: each has its decisions, its history.
ROOMED = {"gate"}
JOINED_TO_NOTHING = {
    "cms/roles.py": "names of groups, as the migration wrote them; what tests and the demo ask",
    "cms/no_page_privacy.py": "a guard on Wagtail's models, which load after every module it could join",
    "search/curated_synonyms.py": "the rows that a migration writes",
    "config/serving/refusals.py": "needs Django, which its neighbours start without",
}


def room_of(path: Path) -> str:
    """The package that a module's name is single in: for the gate, its room."""
    parts = path.relative_to(ROOT).parts
    return "/".join(parts[:2]) if parts[0] in ROOMED and len(parts) > 2 else parts[0]


def test_two_modules_of_one_room_never_share_a_name():
    found: dict[tuple[str, str], list[str]] = {}
    for path in product_modules():
        if path.stem not in FOUND_BY_NAME and path.parent.name not in NAMED_BY_SUBJECT:
            found.setdefault((room_of(path), path.stem), []).append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def imports_of(path: Path) -> set[str]:
    """Modules that a module or stub imports or could import: `from a.b import c` names a.b and a.b.c."""
    folders = path.relative_to(ROOT).parent.parts
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            within = folders[: len(folders) - node.level + 1] if node.level else ()
            base = ".".join([*within, *([node.module] if node.module else [])])
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return names


def test_a_small_module_with_one_importer_joins_its_neighbour():
    """Those that are named by their dotted path, as in settings, and Django's count as imported."""
    everything = [path for package in PACKAGES for path in tracked(f"{package}/*.py*")]
    importers = {path: imports_of(path) for path in everything}
    texts = [path.read_text(encoding="utf-8") for path in product_modules()]
    lonely = set()
    for path in product_modules():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if (
            len(path.read_text(encoding="utf-8").splitlines()) < 40
            and path.stem not in FOUND_BY_NAME
            and path.parent.name not in {*NAMED_BY_SUBJECT, "templatetags", "demo"}
            and sum(module in names for names in importers.values()) < 2
            and not any(f'"{module}' in text for text in texts)
        ):
            lonely.add(str(path.relative_to(ROOT)))
    assert lonely - {"config/wsgi.py"} == JOINED_TO_NOTHING.keys()
