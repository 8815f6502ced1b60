"""A file system of a few megabytes that one process sees, and that goes with it."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from pathlib import Path

# As root a mount namespace is enough; others become root in a user namespace of their own.
ENTER = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")
MEGABYTES = 24


@functools.cache
def can_mount() -> bool:
    command = [*ENTER, "mount", "-t", "tmpfs", "tmpfs", tempfile.gettempdir()]
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except OSError:
        return False
    return done.returncode == 0


def inside(seed: Path, disk: Path, *command: str) -> list[str]:
    """`command` with a small file system at `disk` that starts as a copy of `seed`."""
    script = f'mount -t tmpfs -o size={MEGABYTES}m tmpfs "$1" && cp -r "$2/." "$1" && shift 2 && exec "$@"'
    return [*ENTER, "sh", "-c", script, "sh", str(disk), str(seed), *command]


def fill(pid: int, disk: Path) -> None:
    """Leave no byte on the file system that the process `pid` sees at `disk`."""
    with Path(f"/proc/{pid}/root{disk}/filling").open("wb", buffering=0) as filling:
        for size in (1024 * 1024, 4096, 1):
            try:
                while filling.write(b"\0" * size):
                    pass
            except OSError:
                continue


def make_room(pid: int, disk: Path) -> None:
    """Take what `fill` wrote away."""
    Path(f"/proc/{pid}/root{disk}/filling").unlink()
