"""The launcher of `make run`: neither process outlives the other, the launcher, or its killing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A child that says who it is, and a grandchild of the web server, as granian's workers are.
CHILD = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""
LAUNCH = """
import sys
from config.launcher import Launcher
web, worker, code = sys.argv[1:4]
commands = {"web": [sys.executable, "-c", code, web], "worker": [sys.executable, "-c", code, worker]}
sys.exit(Launcher(commands).run())
"""


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def within(seconds: float, condition) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def launched(tmp_path):
    """The launcher with its two children: (process, {name: pid})."""
    files = {name: tmp_path / name for name in ("web", "worker")}
    process = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, *map(str, files.values()), CHILD],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert within(20, lambda: all(file.exists() and file.read_text() for file in files.values()))
    pids = {name: int(file.read_text()) for name, file in files.items()}
    yield process, pids
    process.kill()
    process.communicate()
    for pid in pids.values():
        if lives(pid):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_both(launched, number):
    process, pids = launched
    process.send_signal(number)
    assert process.wait(10) == 0
    assert not any(map(lives, pids.values()))


@pytest.mark.parametrize(("dies", "stays"), [("web", "worker"), ("worker", "web")])
def test_when_either_dies_the_other_is_stopped_and_it_is_said_which(launched, dies, stays):
    process, pids = launched
    os.kill(pids[dies], signal.SIGKILL)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"The {dies} process ended" in said
    assert not lives(pids[stays])


def test_killed_it_leaves_nothing_behind(launched):
    process, pids = launched
    process.kill()
    assert within(5, lambda: not any(map(lives, pids.values())))
