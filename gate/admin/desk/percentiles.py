"""Percentiles of waiting times: within which time half, 90% and 95% of the cases were decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles


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

    def _percentile(self, percent: int) -> timedelta | None:
        """Linear between neighbours, as PostgreSQL's percentile_cont: 50 is the median."""
        if len(self.times) < 2:
            return self.longest
        seconds = [time.total_seconds() for time in self.times]
        return timedelta(seconds=quantiles(seconds, n=100, method="inclusive")[percent - 1])
