"""Bar charts in the admin: a table whose bars are inline SVG, so that screen readers read it as a table.

No script and no style attribute (the site's policy allows neither). In a template of the admin: `{%
component chart %}`, and `{{ chart.media }}` once in the page's extra_css.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import Media
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

FULL_WIDTH = 100
"""A bar of this many units fills its cell."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`width` in units of FULL_WIDTH, against the longest bar; `percent` of the chart's total, or None."""

    label: str
    count: int
    width: float
    percent: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A component for Wagtail's `{% component %}`. `title` is the caption of its table, only read out with
    `hide_title`.
    """

    bars: tuple[Bar, ...]
    total: int | None
    title: str = ""
    label_heading: str = ""
    count_heading: str = ""
    hide_title: bool = False

    @property
    def media(self) -> Media:
        """The style sheet; the same for every chart."""
        return Media(css={"all": ["gate/charts.css"]})

    def render_html(self, parent_context: Any = None) -> SafeString:
        """The figure; for Wagtail's template tag."""
        return render_to_string("gate/charts/bars.html", {"chart": self})


def bar_chart(
    rows: Iterable[tuple[str, int]],
    total: int | None = None,
    *,
    title: str = "",
    label_heading: str = "",
    count_heading: str = "",
    hide_title: bool = False,
) -> Chart:
    """One bar for each (label, count), in the order given; counts are never negative.

    `total` is what percentages are of (such as the users asked; several choices may sum up to more than it);
    None or 0 shows none. `title` names the table; `hide_title` where a heading right above shows it already.
    """
    pairs = [(str(label), count) for label, count in rows]
    longest = max((count for _label, count in pairs), default=0)
    bars = tuple(
        Bar(
            label=label,
            count=count,
            width=round(FULL_WIDTH * count / longest, 1) if longest else 0,
            percent=round(100 * count / total) if total else None,
        )
        for label, count in pairs
    )
    return Chart(bars, total, title, label_heading, count_heading, hide_title)
