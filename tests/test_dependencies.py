"""What is declared is used, and by its own name."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata

import pytest

from tests.test_architecture import ROOT, imported, tracked

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Declared although no file of ours names its package: the reason.
USED_BY_OTHERS = {
    "elasticsearch-dsl": "its classes live in elasticsearch.dsl",
    "psycopg": "Django's backend for PostgreSQL imports it",
}


def names_of(requirements: list[str]) -> list[str]:
    return [re.split(r"[\[<>=!~ ;]", requirement)[0] for requirement in requirements]


RUNTIME = names_of(DECLARED["project"]["dependencies"])
DEVELOPMENT = names_of(DECLARED["dependency-groups"]["dev"])


def packages_of(name: str) -> set[str]:
    """The names under which a distribution is imported."""
    by_package = metadata.packages_distributions()
    canonical = name.lower().replace("_", "-")
    return {
        package
        for package, owners in by_package.items()
        if canonical in {owner.lower().replace("_", "-") for owner in owners}
    }


@pytest.fixture(scope="module")
def used() -> tuple[set[str], str]:
    """(packages that the product imports, the text of all files that may name one)."""
    product = [path for path in tracked("*.py") if not path.is_relative_to(ROOT / "tests")]
    texts = [path.read_text(encoding="utf-8") for path in [*product, *tracked("bin/*")]]
    return set().union(*map(imported, product)), "\n".join(texts)


@pytest.mark.parametrize("name", RUNTIME)
def test_what_the_product_declares_it_uses(name, used):
    packages, text = used
    mine = packages_of(name)
    assert mine, "not installed"
    if name in USED_BY_OTHERS:
        return
    assert mine & packages or any(re.search(rf"[\"']{package}\b", text) for package in mine)


@pytest.mark.parametrize("name", DEVELOPMENT)
def test_what_development_declares_it_uses(name):
    files = [*tracked("*.py"), *tracked("bin/*"), *tracked(".*"), ROOT / "Makefile", ROOT / "pyproject.toml"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix != ".lock")
    text = text.replace(f'"{name}', "", 1) if name in text else text  # its declaration
    words = {name, *packages_of(name)}
    plugin = any(
        entry.dist is not None and entry.dist.name.lower() == name
        for entry in metadata.entry_points(group="pytest11")
    )
    assert plugin or any(re.search(rf"\b{re.escape(word)}\b", text) for word in words)


@pytest.mark.parametrize(
    "name", ["wagtail", "django", "djangorestframework", "django-guardian", "elasticsearch-dsl"]
)
def test_the_named_packages_are_declared_by_that_name(name):
    assert name in RUNTIME


def test_pytest_django_too():
    assert "pytest-django" in DEVELOPMENT
