"""A clock that the test sets."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone


@pytest.fixture
def clock(monkeypatch):
    """`clock.now` is what django.utils.timezone.now() returns."""
    clock = SimpleNamespace(now=datetime.fromisoformat("2026-03-02T09:00:00+08:00"))
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock
