"""Tables: a grid with merged cells, heading rows, caption and note; numbered by the system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock

from cms.blocks.figures import KEY_VALIDATOR
from cms.blocks.kinds import BlockKind, Form, Gap
from cms.blocks.rendering import Rendering
from cms.json_schema import integer, list_of, record, ref, text
from cms.numbering import Series

GRID_OPTIONS = {
    "minSpareRows": 0,
    "startRows": 4,
    "startCols": 3,
    "mergeCells": True,
    "renderer": "text",
    # Its own languages are not shipped with Wagtail; naming one that is missing only warns.
    "language": "en-US",
    "contextMenu": [
        "row_above",
        "row_below",
        "---------",
        "col_left",
        "col_right",
        "---------",
        "remove_row",
        "remove_col",
        "---------",
        "mergeCells",
        "---------",
        "undo",
        "redo",
    ],
}


def grid(
    rows: Sequence[Sequence[str | None]],
    *,
    merges: Iterable[tuple[int, int, int, int]] = (),
    head_rows: int = 1,
) -> dict[str, Any]:
    """The stored value of a grid. rows: all rows, headings first, short ones are filled up.

    merges: (row, column, rowspan, colspan), counted from 0 over all rows.
    """
    width = max((len(row) for row in rows), default=0)
    return {
        "data": [[*row, *[None] * (width - len(row))] for row in rows],
        "table_header_choice": "row" if head_rows else "neither",
        "first_row_is_table_header": bool(head_rows),
        "first_col_is_header": False,
        "mergeCells": [
            {"row": row, "col": column, "rowspan": rowspan, "colspan": colspan}
            for row, column, rowspan, colspan in merges
        ],
    }


class ArticleTableBlock(BlockKind, blocks.StructBlock):
    """Stored: {"key", "caption", "grid", "head_rows": int, "note"}.

    grid is the value of Wagtail's TableBlock. A cell that a merge covers is left out of the form.
    """

    kind = "table"
    series = Series(kind, anchor="tab", chinese="表", english="Table")
    schema_description = "A table; it may be wider than a phone."
    schema = {
        "number": integer(minimum=1),
        "label": text(),
        "anchor": text(),
        "caption": text(),
        "head": list_of(list_of(ref("Cell"))),
        "rows": list_of(list_of(ref("Cell"))),
        "note": text(),
    }
    schema_parts = {
        "Cell": record(
            "A table cell.",
            {"text": text(), "colspan": integer(minimum=1), "rowspan": integer(minimum=1)},
        )
    }

    caption = blocks.CharBlock(label=_("Caption"), max_length=1000, required=False)
    grid = TableBlock(label=_("Table"), required=False, table_options=GRID_OPTIONS)
    head_rows = blocks.IntegerBlock(
        label=_("Heading rows"),
        default=1,
        min_value=0,
        max_value=5,
        required=False,
        help_text=_("How many rows at the top are headings, where the first row is one"),
    )
    note = blocks.TextBlock(
        label=_("Table note"), rows=2, required=False, help_text=_("Abbreviations, tests, sources")
    )
    key = blocks.CharBlock(
        label=_("Key"),
        max_length=64,
        required=False,
        validators=[KEY_VALIDATOR],
        help_text=_("Only needed to refer to this table in the text: [表:key]"),
    )

    class Meta:
        icon = "table"
        label = _("Table")
        label_format = "{caption}"
        group = _("Figures and tables")
        description = _("Rows and columns with merged cells, caption and note; numbered by the system")

    def api_form(self, value: Any, rendering: Rendering) -> Form:
        rows = cells_of(value["grid"] or {}, rendering)
        heads = heading_rows(value)
        return {
            "caption": rendering.text(value["caption"]),
            "head": rows[:heads],
            "rows": rows[heads:],
            "note": rendering.text(value["note"]),
        }

    def texts(self, value: Any) -> Iterator[tuple[str, str]]:
        yield "caption", value["caption"] or ""
        yield "note", value["note"] or ""
        yield "grid", " ".join(str(cell) for cell in filled_cells(value))

    def gaps(self, value: Any) -> Iterator[Gap]:
        if not any(filled_cells(value)):
            yield Gap(gettext("the table is empty"), "table_empty", "grid")

    def passages(self, form: Form) -> Iterator[str]:
        yield f"{form.get('label', '')} {form.get('caption', '')}"
        for row in [*(form.get("head") or []), *(form.get("rows") or [])]:
            yield from (cell.get("text", "") for cell in row)
        yield form.get("note", "")

    def reading_texts(self, form: Form) -> Iterator[str]:
        # Cells are looked at, not read.
        yield from (form["caption"], form["note"])


def filled_cells(value: Any) -> Iterator[Any]:
    rows = (value["grid"] or {}).get("data") or []
    return (cell for row in rows for cell in row if cell)


def heading_rows(value: Any) -> int:
    """How many rows are headings: none where the editor chose none, else at least the first."""
    table = value["grid"] or {}
    if table.get("table_header_choice") not in ("row", "both") and not table.get("first_row_is_table_header"):
        return 0
    return max(1, int(value["head_rows"] or 1))


def cells_of(table: dict[str, Any], rendering: Rendering) -> list[list[dict[str, Any]]]:
    """Rows of API cells. What a merge covers is left out; a merge that leaves the grid is cut at its edge."""
    data = table.get("data") or []
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for merge in table.get("mergeCells") or []:
        row, column = int(merge["row"]), int(merge["col"])
        if row >= len(data) or column >= len(data[row]) or (row, column) in covered:
            continue
        height = min(int(merge["rowspan"]), len(data) - row)
        width = min(int(merge["colspan"]), len(data[row]) - column)
        spans[row, column] = (width, height)
        covered |= {(row + down, column + right) for down in range(height) for right in range(width)}
        covered.discard((row, column))
    return [
        [
            {
                "text": rendering.text("" if cell is None else str(cell)),
                "colspan": spans.get((row, column), (1, 1))[0],
                "rowspan": spans.get((row, column), (1, 1))[1],
            }
            for column, cell in enumerate(cells)
            if (row, column) not in covered
        ]
        for row, cells in enumerate(data)
    ]
