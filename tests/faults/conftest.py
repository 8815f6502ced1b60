"""Skips the tests on a small disk where the kernel allows no mount, with the reason."""

from __future__ import annotations

import shutil

from tests.faults.small_disk import can_mount

collect_ignore = [] if can_mount() else ["test_full_disk.py"]


def pytest_report_header() -> list[str]:
    """A line only where something is left out."""
    reason = "unshare may not mount" if shutil.which("unshare") else "there is no unshare"
    return [f"left out: tests/faults/test_full_disk.py ({reason})"] if collect_ignore else []
