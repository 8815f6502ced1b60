"""Answers as a table for spreadsheets. People are named by their uuid; there is no address and no name.

Whatever a reader wrote stays text: a cell that a spreadsheet would take for a formula gets an apostrophe.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gate.results.selection import Selection, questions_of

# The full-width ones are formulas too for a spreadsheet in Chinese or Japanese.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
LONGEST_CELL = 32_000  # a spreadsheet's limit is 32 767

Cell = str | int | float | None


def safe(value: Cell) -> Cell:
    """The value as no spreadsheet computes it: text that looks like a formula gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    return f"'{text}" if FORMULA.match(text) else text


def answer_rows(selection: Selection) -> Iterator[list[Cell]]:
    """The heading, then one row for each submission. Cells are safe."""
    versions = selection.versions()
    questions = questions_of(versions)
    kinds = {version.pk: {(item["key"], item["kind"]) for item in version.questions} for version in versions}
    heading = [_("Answered by"), _("Zone"), _("Version"), _("Answered at")]
    yield [safe(text) for text in [*heading, *(question["text"] for question in questions)]]
    rows = selection.answer_sets().select_related("user", "zone", "version")
    for row in rows.iterator():
        when = timezone.localtime(row.submitted_at).isoformat(timespec="seconds")
        had = kinds.get(row.version_id, set())
        given = [
            _cell(row.answers.get(item["key"])) if (item["key"], item["kind"]) in had else None
            for item in questions
        ]
        yield [str(row.user.uuid), safe(row.zone.slug), row.version.number, when, *given]


def as_csv(selection: Selection) -> bytes:
    """With a byte order mark, so that spreadsheets read Chinese as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows(answer_rows(selection))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(selection: Selection) -> bytes:
    """One sheet. Every text is written as text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Answers"))
    for row in answer_rows(selection):
        sheet.append([_xlsx_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(value: Any) -> Cell:
    return safe("; ".join(value) if isinstance(value, list) else value)


def _xlsx_cell(sheet: Any, value: Cell) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
