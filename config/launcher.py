"""`python -m config.launcher` (make run): web server and worker of one machine, started and stopped together.

Ctrl-C, TERM and the end of either stop both; nothing is restarted, so that failures are seen. When this
process is killed, the kernel ends the two (die_with_parent).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS: dict[str, list[str]] = {
    "web": [str(ROOT / "bin" / "web")],
    "worker": [sys.executable, str(ROOT / "manage.py"), "work"],
}
STOPPED_WITHIN = 20.0  # seconds; longer than the worker's grace
_PAUSE = 0.1


class Launcher:
    """Two child processes and a flag to stop."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> int:
        """The exit code: 0 when stopped by a signal, 1 when a child ended by itself."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            for name, command in self.commands.items():
                self.children[name] = _start(command)
            ended = self._wait()
        finally:
            self._stop()
        if ended is None:
            return 0
        code = self.children[ended].returncode
        sys.stderr.write(f"The {ended} process ended (exit code {code}); the other one was stopped too.\n")
        return 1

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def _wait(self) -> str | None:
        """The name of the child that ended, or None after a signal to stop."""
        while not self.stopping:
            for name, child in self.children.items():
                if child.poll() is not None:
                    return name
            time.sleep(_PAUSE)
        return None

    def _stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOPPED_WITHIN
        for child in self.children.values():
            try:
                child.wait(max(_PAUSE, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start in a process group of its own, so that Ctrl-C reaches the child once, from here."""
    return subprocess.Popen(  # noqa: S603 - our own two commands
        command,
        cwd=ROOT,
        process_group=0,
        preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGTERM),
    )


_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process the signal `number` when process `parent`, which started it, ends.

    Call it in the child. Linux only; elsewhere a killed parent leaves its children behind.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # the parent ended before the call
        os.kill(os.getpid(), number)


if __name__ == "__main__":
    sys.exit(Launcher(COMMANDS).run())
