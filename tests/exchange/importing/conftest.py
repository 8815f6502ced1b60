"""The tests over the real samples are collected only where the samples lie beside the checkout."""

from __future__ import annotations

from tests.exchange.importing.samples import SAMPLES

collect_ignore = [] if SAMPLES.is_dir() else ["test_samples.py", "test_give_back.py"]
