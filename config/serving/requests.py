"""Converts an ASGI request to WSGI: the whole body as a file, and the environ."""

from __future__ import annotations

import asyncio
import io
import sys
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes

from cms.storage_full import is_storage_full
from config.serving.responses import FileWrapper

# Larger bodies go to a temporary file.
MEMORY_BYTES = 128 * 1024
_ONCE = ("CONTENT_TYPE", "CONTENT_LENGTH")


@dataclass(frozen=True)
class Limits:
    """The bounds of one client's request: bytes of a body, and time for it.

    A body gets `patience` seconds and one more for each `rate` bytes that arrived (as Apache's
    RequestReadTimeout), `longest` at most. `bodies`: how many may arrive at the same time.
    """

    bodies: int = 250
    largest: int = 64 * 1024 * 1024
    patience: float = 10
    rate: int = 4096
    longest: float = 900


class RefusedRequest(Exception):
    """The request is refused before Django's views see it, with the problem of this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def has_body(scope: Any) -> bool:
    """Whether a body was announced. `Content-Length: 0` counts as one: it arrives at once."""
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


def has_files(scope: Any) -> bool:
    """Whether the body may carry files: decoding them takes seconds."""
    kinds = [value for name, value in scope["headers"] if name == b"content-type"]
    return any(kind.lower().lstrip().startswith(b"multipart/") for kind in kinds)


async def receive_body(scope: Any, receive: Any, limits: Limits) -> BinaryIO:
    """The whole body, at its start. RefusedRequest: too_large, too_slow, malformed, storage_full."""
    announced = next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
    if announced > limits.largest:
        raise RefusedRequest("too_large")
    body = cast(BinaryIO, SpooledTemporaryFile(MEMORY_BYTES))  # noqa: SIM115 - the caller closes it
    try:
        await _fill(body, receive, limits)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def _fill(body: BinaryIO, receive: Any, limits: Limits) -> None:
    started = asyncio.get_running_loop().time()
    received = 0
    try:
        async with asyncio.timeout(limits.patience) as deadline:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise RefusedRequest("malformed")
                chunk = message.get("body", b"")
                received += len(chunk)
                if received > limits.largest:
                    raise RefusedRequest("too_large")
                _write(body, chunk)
                if not message.get("more_body"):
                    return
                allowed = min(limits.patience + received / limits.rate, limits.longest)
                deadline.reschedule(started + allowed)
    except TimeoutError:
        raise RefusedRequest("too_slow") from None


def _write(body: BinaryIO, chunk: bytes) -> None:
    try:
        body.write(chunk)
    except OSError as error:
        if is_storage_full(error):
            raise RefusedRequest("storage_full") from error
        raise


def environ_of(scope: Any, body: BinaryIO | None) -> dict[str, Any]:
    """The WSGI environ of a request (PEP 3333).

    A name with an underscore is dropped: it would stand in the environ as one with a dash, past the proxy
    that sets or strips the latter.
    """
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": scope["server"][0],
        "SERVER_PORT": scope["server"][1],
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body or io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name or raw_name == b"transfer-encoding":
            continue
        name, value = raw_name.decode("latin-1").replace("-", "_").upper(), raw_value.decode("latin-1")
        key = name if name in _ONCE else f"HTTP_{name}"
        if key in environ:
            value = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}"
        environ[key] = value
    if body is not None and "CONTENT_LENGTH" not in environ:  # a chunked body
        environ["CONTENT_LENGTH"] = str(body.seek(0, 2))
        body.seek(0)
    return environ
