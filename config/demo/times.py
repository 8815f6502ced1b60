"""Lets the demo's past happen in the past, so that evidence, waiting times and charts fit together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from django.utils import timezone


@contextmanager
def ago(**span: float) -> Iterator[None]:
    """Within it, what services do is done this long ago (`timedelta`'s words: days=, hours=)."""
    moment = timezone.now() - timedelta(**span)
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield
