"""Percentiles of waiting times against numbers worked out by hand."""

from __future__ import annotations

import random
import statistics
from datetime import timedelta

import pytest

from gate.admin.desk.percentiles import Waits, percentile


def hours(*numbers):
    return Waits.of(timedelta(hours=number) for number in numbers)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([7], 50, 7),
        ([7], 95, 7),
        ([1, 2], 50, 1.5),
        ([1, 2, 3, 4, 5], 50, 3),
        ([1, 2, 3, 4, 5], 90, 4.6),
        ([1, 2, 3, 4, 5], 100, 5),
        ([1, 2, 3, 4, 5], 0, 1),
        ([3, 3, 3, 3], 90, 3),
        ([1, 3, 3, 3, 9], 50, 3),
        ([1, 3, 3, 3, 9], 90, 6.6),
        (list(range(101)), 95, 95),
    ],
)
def test_percentile(values, percent, expected):
    assert percentile(values, percent) == pytest.approx(expected)


def test_agrees_with_the_standard_library():
    values = sorted(random.Random(4).uniform(0, 1e6) for _ in range(997))
    theirs = statistics.quantiles(values, n=100, method="inclusive")
    for percent in range(1, 100):
        assert percentile(values, percent) == pytest.approx(theirs[percent - 1])


def test_no_values_have_no_percentile():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_waits_are_put_in_order_first():
    waits = hours(5, 1, 4, 2, 3)
    assert (waits.count, waits.p50, waits.longest) == (5, timedelta(hours=3), timedelta(hours=5))
    assert (waits.p90, waits.p95) == (timedelta(hours=4.6), timedelta(hours=4.8))


def test_of_one_wait_every_percentile_is_that_wait():
    waits = hours(2)
    assert {waits.p50, waits.p90, waits.p95, waits.longest} == {timedelta(hours=2)}


def test_without_a_wait_nothing_is_said():
    waits = hours()
    assert (waits.count, waits.p50, waits.p90, waits.p95, waits.longest) == (0, None, None, None, None)


def test_who_waited_exactly_as_long_as_the_limit_counts_as_longer():
    assert hours(1, 24, 24, 25).longer_than(timedelta(hours=24)) == 3
