"""Papers and a page that no repository holds: `shared/samples` beside the checkout, if it exists."""

from __future__ import annotations

import csv
from pathlib import Path

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
PAGE = SAMPLES / "source_page.txt"


def papers() -> list[dict[str, str]]:
    """Rows of their index: id, title, chars, headings, figures, tables."""
    lines = (SAMPLES / "papers" / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t"))


def text_of(paper: dict[str, str]) -> str:
    return (SAMPLES / "papers" / f"{paper['id']}.md").read_text(encoding="utf-8")
