"""Print the size of the median module and every module over the limit (CONTRIBUTING.md)."""

from __future__ import annotations

import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "frontend_templates", "api", "search", "gate", "exchange", "cms")
LIMIT = 300


def module_sizes(root: Path = ROOT) -> dict[str, int]:
    """Lines per module of the product, by path; without migrations and packages that are only a docstring."""
    sizes = {}
    for package in PACKAGES:
        for path in (root / package).rglob("*.py"):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if "migrations" not in path.parts and not (path.name == "__init__.py" and lines < 5):
                sizes[str(path.relative_to(root))] = lines
    return sizes


def main() -> None:
    """The report that `make lint` ends with."""
    sizes = module_sizes()
    print(f"{len(sizes)} modules, the median has {statistics.median(sizes.values()):.0f} lines")
    for path, lines in sorted(sizes.items(), key=lambda item: -item[1]):
        if lines > LIMIT:
            print(f"  over {LIMIT}: {path} ({lines})")


if __name__ == "__main__":
    main()
