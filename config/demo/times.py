"""Shifts the demo's clock to the past, so that records, waiting times and charts fit together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from django.utils import timezone


@contextmanager
def ago(**span: float) -> Iterator[None]:
    """Inside the context, services act as of so long ago (`timedelta`'s arguments: days=, hours=)."""
    moment = timezone.now() - timedelta(**span)
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield
