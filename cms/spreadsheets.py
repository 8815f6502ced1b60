"""The one writer of spreadsheets: CSV and XLSX, for our exports and for every listing and report of Wagtail.

Text that a user wrote stays text. A cell that a spreadsheet would compute gets an apostrophe in front, and
characters that XLSX (XML 1.0) forbids are left out, so that no row breaks a file.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from defusedcsv import csv
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from wagtail.admin.views.mixins import ExcelDateFormatter, SpreadsheetExportMixin

# The full-width ones are formulas too for a spreadsheet in Chinese or Japanese. Bounded: white space beyond
# this is nothing that a program skips.
FORMULA = re.compile(r"\s{0,100}[=+\-@＝＋－＠]|[\t\r\n]")
# What XML 1.0 cannot hold, and the other controls, which no program shows.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_000  # a spreadsheet's limit is 32 767
# So that spreadsheets read Chinese as UTF-8.
MARK = "\ufeff"

Cell = str | int | float | dt.datetime | dt.date | dt.time | None


def safe(value: Any) -> Cell:
    """The value in a form that no spreadsheet computes and every spreadsheet opens."""
    if value is None or isinstance(value, int | float | dt.datetime | dt.date | dt.time):
        return value
    text = ILLEGAL.sub("", str(value))[:LONGEST_CELL]
    return f"'{text}" if FORMULA.match(text) else text


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """One piece for each row; the first with a byte order mark."""
    writer = csv.writer(_Echo())
    for number, row in enumerate(rows):
        line: str = writer.writerow([safe(value) for value in row])
        yield (MARK + line if number == 0 else line).encode()


def xlsx_bytes(rows: Iterable[Iterable[Any]], *, title: str) -> bytes:
    """One sheet. Every text is written as text, whatever it begins with; times as times, without a zone."""
    book = Workbook(write_only=True, iso_dates=True)
    sheet = book.create_sheet(title)
    moments = ExcelDateFormatter().get()
    for row in rows:
        sheet.append([_xlsx_cell(sheet, safe(value), moments) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def connect_exports() -> None:
    """Replace Wagtail's export mixin: all of its listings and reports inherit it."""
    SpreadsheetExportMixin.stream_csv = _stream_csv
    SpreadsheetExportMixin.write_xlsx = _write_xlsx


class _Echo:
    """The file object for csv.writer: returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line


def _xlsx_cell(sheet: Any, value: Cell, moments: str) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, dt.datetime):
        cell.number_format = moments
    return cell


def _rows(view: Any, queryset: Any, form: str) -> Iterator[list[Any]]:
    yield [view.get_heading(queryset, field) for field in view.list_export]
    for item in queryset:
        row = view.to_row_dict(item)
        yield [view.preprocess_field_value(field, value, form) for field, value in row.items()]


def _stream_csv(self: Any, queryset: Any) -> Iterator[bytes]:
    return csv_lines(_rows(self, queryset, self.FORMAT_CSV))


def _write_xlsx(self: Any, queryset: Any, output: Any) -> None:
    output.write(xlsx_bytes(_rows(self, queryset, self.FORMAT_XLSX), title="Sheet1"))
