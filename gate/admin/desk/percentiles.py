"""How waiting times are told: within which time half, 90% and 95% of the cases were decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import floor


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Linear between neighbours, as PostgreSQL's percentile_cont: 50 is the median.

    `ordered` ascends and is not empty (ValueError).
    """
    if not ordered:
        raise ValueError("no values")
    place = (len(ordered) - 1) * percent / 100
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True, slots=True)
class Waits:
    """`times` ascend; p50, p90, p95 and longest are None without any."""

    times: tuple[timedelta, ...]

    @classmethod
    def of(cls, times: Iterable[timedelta]) -> Waits:
        return cls(tuple(sorted(times)))

    @property
    def count(self) -> int:
        return len(self.times)

    @property
    def p50(self) -> timedelta | None:
        return self._percentile(50)

    @property
    def p90(self) -> timedelta | None:
        return self._percentile(90)

    @property
    def p95(self) -> timedelta | None:
        return self._percentile(95)

    @property
    def longest(self) -> timedelta | None:
        return self.times[-1] if self.times else None

    def longer_than(self, limit: timedelta) -> int:
        """How many waited so long or longer."""
        return sum(time >= limit for time in self.times)

    def _percentile(self, percent: float) -> timedelta | None:
        if not self.times:
            return None
        return timedelta(seconds=percentile([time.total_seconds() for time in self.times], percent))
