"""Decisions per day as columns: an SVG, with the same numbers as a table under it.

As gate.admin.charts: no script, no style attribute; colours are classes of dashboard.css.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from gate.admin.desk.figures import DayTally

HEIGHT = 100
"""Units of the SVG's height; the busiest day fills it."""
STEP, WIDTH = 10, 8
"""Units from column to column, and of a column."""
LEAST = 2
"""A day with decisions is seen beside one with a hundred times as many."""


@dataclass(frozen=True, slots=True)
class Column:
    """Units of the SVG from its upper left corner; the rejected stand on the approved."""

    row: DayTally
    x: int
    approved: int
    rejected: int

    @property
    def approved_y(self) -> int:
        return HEIGHT - self.approved

    @property
    def rejected_y(self) -> int:
        return HEIGHT - self.approved - self.rejected


@dataclass(frozen=True, slots=True)
class DayChart:
    """A component for `{% component %}`. `busiest`: decisions of the busiest day, never 0."""

    columns: tuple[Column, ...]
    busiest: int
    height: int = HEIGHT
    column_width: int = WIDTH

    @property
    def width(self) -> int:
        return STEP * len(self.columns) - (STEP - WIDTH)

    @property
    def rows(self) -> list[DayTally]:
        """The days with any decision, the latest first: the rows of the table."""
        return [column.row for column in reversed(self.columns) if column.row.tally.decided]

    def render_html(self, parent_context: Any = None) -> SafeString:
        return render_to_string("gate/desk/dashboard/days.html", {"chart": self})


def day_chart(days: Sequence[DayTally]) -> DayChart | None:
    """None without any decision on these days."""
    busiest = max((row.tally.decided for row in days), default=0)
    if not busiest:
        return None
    return DayChart(tuple(_column(row, place, busiest) for place, row in enumerate(days)), busiest)


def _column(row: DayTally, place: int, busiest: int) -> Column:
    approved = _units(row.tally.approved, busiest)
    rejected = min(_units(row.tally.rejected, busiest), HEIGHT - approved)
    return Column(row, place * STEP, approved, rejected)


def _units(number: int, busiest: int) -> int:
    return max(LEAST, HEIGHT * number // busiest) if number else 0
