"""Percentiles of waiting times against numbers worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gate.admin.desk.percentiles import Waits


def hours(*numbers):
    return Waits.of(timedelta(hours=number) for number in numbers)


@pytest.mark.parametrize(
    ("values", "median", "most"),
    [
        ([7], 7, 7),
        ([1, 2], 1.5, 1.9),
        ([1, 2, 3, 4, 5], 3, 4.6),
        ([3, 3, 3, 3], 3, 3),
        ([1, 3, 3, 3, 9], 3, 6.6),
        (list(range(101)), 50, 90),
    ],
)
def test_half_and_ninety_percent(values, median, most):
    waits = hours(*values)
    assert (waits.p50, waits.p90) == (timedelta(hours=median), timedelta(hours=most))


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
