"""`python -m config.serving` (bin/web): serve on LISTEN:PORT until SIGTERM or SIGINT."""

from __future__ import annotations

import resource
import socket
import sys

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from config import env

# A whole head (request line and headers) arrives within so many seconds; a kept connection is idle as long.
HEAD_SECONDS = 10
HEAD_BYTES = 64 * 1024
# A worker that receives the signal to stop finishes its requests within so many seconds, or is killed.
STOP_SECONDS = 30
# Files that a worker needs beside one for each connection: databases, the index, bodies, libraries.
SPARE_FILES = 256


def connections_for(files: int) -> int:
    """Connections that one worker may hold open, when it may open so many files.

    A connection takes one file, and a second one while its large body or response is on the disk.
    """
    return max(1, min(env.WEB_CONNECTIONS, (files - SPARE_FILES) // 2))


def raise_file_limit() -> int:
    """Raise this process's limit of open files as far as it may; returns the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * env.WEB_CONNECTIONS + SPARE_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


def is_free(address: str, port: int) -> bool:
    """Whether nothing listens there. granian would share the port with another server without an error."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def server() -> MPServer:
    """granian with one application of `config.serving.application` in each worker process.

    HTTP/1.1 only: proxies speak it, and one HTTP/2 connection would count as one while it sends hundreds of
    bodies.
    """
    return MPServer(
        "config.serving.application:create",
        factory=True,
        address=env.LISTEN,
        port=env.PORT,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        workers=env.WEB_WORKERS,
        backpressure=connections_for(raise_file_limit()),
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000, max_buffer_size=HEAD_BYTES),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    )


if __name__ == "__main__":
    if not is_free(env.LISTEN, env.PORT):
        sys.exit(f"{env.LISTEN}:{env.PORT} is in use, or is no address of this machine. Set PORT or LISTEN.")
    server().serve()
