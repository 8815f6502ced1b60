"""Converts a WSGI response to ASGI. The thread collects it; the event loop sends it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

log = logging.getLogger(__name__)

WSGIApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

# A larger response that Django makes piece by piece waits in a temporary file for its reader.
MEMORY_BYTES = 1024 * 1024
CHUNK_BYTES = 128 * 1024
# A reader takes each chunk within so many seconds, or the response ends.
SEND_SECONDS = 30


class FileWrapper:
    """`wsgi.file_wrapper`: a file on the disk is sent from the disk, after its thread was freed."""

    def __init__(self, file: Any, block_size: int = CHUNK_BYTES) -> None:
        self.file, self.block_size = file, block_size

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.block_size), b"")

    def close(self) -> None:
        """Close the file, which is Django's response (its end of the request)."""
        if hasattr(self.file, "close"):
            self.file.close()

    def detach(self) -> BinaryIO | None:
        """The same file under a descriptor of its own, at the same place; None for what is in memory."""
        try:
            place = self.file.tell()
            detached = os.fdopen(os.dup(self.file.fileno()), "rb")
        except (AttributeError, OSError):
            return None
        detached.seek(place)
        return detached


@dataclass
class Response:
    """The part of a response that is left to send when Django's thread is done."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | BinaryIO = b""

    def close(self) -> None:
        """Close the file, if the body is one."""
        if not isinstance(self.body, bytes):
            self.body.close()


def respond(application: WSGIApplication, environ: dict[str, Any]) -> Response:
    """Call `application` and collect everything that it returns. An exception becomes a 500 and is logged."""
    try:
        return _call(application, environ)
    except Exception:  # last resort: Django answers its own errors
        log.exception("request_failed")
        return _failure()


def _call(application: WSGIApplication, environ: dict[str, Any]) -> Response:
    response = Response(500, [])

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        response.status = int(status[:3])
        response.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    returned: Any = application(environ, start_response)
    try:
        if environ["REQUEST_METHOD"] != "HEAD":
            detached = returned.detach() if isinstance(returned, FileWrapper) else None
            response.body = _collect(returned) if detached is None else detached
    finally:
        if hasattr(returned, "close"):
            returned.close()
    return response


def _collect(pieces: Iterable[bytes]) -> bytes | BinaryIO:
    kept: list[bytes] = []
    size = 0
    rest = iter(pieces)
    for piece in rest:
        kept.append(piece)
        size += len(piece)
        if size > MEMORY_BYTES:
            break
    else:
        return kept[0] if len(kept) == 1 else b"".join(kept)
    return _collect_on_disk(kept, rest)


def _collect_on_disk(kept: list[bytes], rest: Iterator[bytes]) -> bytes | BinaryIO:
    further = next(rest, None)
    if further is None:  # it is in memory already, so a file would only cost
        return b"".join(kept)
    body = cast(BinaryIO, SpooledTemporaryFile(MEMORY_BYTES))  # noqa: SIM115 - closed with the response
    try:
        body.writelines([*kept, further])
        body.writelines(rest)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def _failure() -> Response:
    body = b'{"type": "about:blank", "title": "The server made a mistake.", "status": 500}'
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    return Response(500, headers, body)


async def send_response(response: Response, send: Any) -> None:
    """Send the response; drop a client that accepts nothing for SEND_SECONDS."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    if isinstance(response.body, bytes):
        await send({"type": "http.response.body", "body": response.body})
        return
    while chunk := await asyncio.to_thread(response.body.read, CHUNK_BYTES):
        async with asyncio.timeout(SEND_SECONDS):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
