"""The drawing process: limits itself, reads one job from standard input, writes one result, ends.

A job is a line of JSON, {"task", …arguments}, and the file's bytes. A result is a line of JSON, {"code"},
and the drawn bytes. `code` is "done" or the reason of a refusal. Everything else (no line, a signal, an exit
code) means that the file was too much for the limits.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

# Below the wall-clock deadline of process.run(): a file that only burns time ends here.
CPU_SECONDS = 8
# A picture of 64 megapixels takes 256 MB decoded, and libheif holds it in two forms besides.
ADDRESS_SPACE = 1536 * 1024 * 1024
OPEN_FILES = 64
# Of one job: the largest upload and its line.
LONGEST_INPUT = 64 * 1024 * 1024


class Refused(Exception):
    """The file is not drawn; the argument is the code."""


def main() -> None:
    head = json.loads(sys.stdin.buffer.readline(10_000))
    _limit(int(head.pop("cpu_seconds", CPU_SECONDS)))
    sys.stdout.buffer.write(result(head, sys.stdin.buffer.read(LONGEST_INPUT)))


def result(head: dict[str, Any], data: bytes) -> bytes:
    """The line and the drawn bytes; `head` holds the task and its arguments. Raises nothing."""
    try:
        facts, drawn = _draw(head.pop("task"), data, head)
    except Refused as refusal:
        facts, drawn = {"code": str(refusal)}, b""
    except MemoryError:
        facts, drawn = {"code": "too_complex"}, b""
    except Exception:  # noqa: BLE001 - whatever a decoder raises at a hostile file
        facts, drawn = {"code": "unreadable"}, b""
    return json.dumps(facts).encode() + b"\n" + drawn


def _draw(task: str, data: bytes, arguments: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    # Imported after the limits are set, and only what the task needs: starting costs a tenth of a second.
    if task == "pages":
        from cms.drawing.pages import draw_pages

        return {"code": "done"}, draw_pages(data, **arguments)
    from cms.drawing.pixels import check, redraw

    if task == "check":
        check(data, **arguments)
        return {"code": "done"}, b""
    return {"code": "done"}, redraw(data, **arguments)


def _limit(cpu_seconds: int) -> None:
    """No more time, memory or files than a credential needs; no file written, no process started."""
    limits = {
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_AS": ADDRESS_SPACE,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_NPROC": 0,
    }
    for name, value in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (AttributeError, ValueError, OSError):
            # macOS has no bound of the address space; what production runs on has all of them.
            if sys.platform == "linux":
                raise
