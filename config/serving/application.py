"""The ASGI application that granian calls: receives the whole body, then uses a thread of Django.

A thread is held for as long as Django computes, never for a client that sends or reads slowly. Requests that
carry files have threads of their own: decoding a hostile one takes seconds, and no other request waits.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

from config import env
from config.serving.requests import (
    Limits,
    RefusedRequest,
    environ_of,
    has_body,
    has_files,
    receive_body,
)
from config.serving.responses import Response, WSGIApplication, respond, send_response

log = logging.getLogger(__name__)

# After the main process died, requests in progress may take so many seconds more.
ORPHAN_SECONDS = 5
# Beside the drawings of this machine (cms.drawing.slots): one that waits for a slot, and one that is refused.
SPARE_UPLOADS = 2


class Application:
    """Serves a WSGI application on `threads` threads, requests with files on `upload_threads` others; at most
    `limits.bodies` bodies arrive at once.

    `refuse` makes the response for a problem's code and the environ.
    """

    def __init__(
        self,
        wsgi: WSGIApplication,
        *,
        refuse: Callable[[str, dict[str, Any]], Response],
        threads: int,
        upload_threads: int,
        limits: Limits,
    ) -> None:
        self.wsgi, self.refuse = wsgi, refuse
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self.upload_threads = ThreadPoolExecutor(upload_threads, thread_name_prefix="upload")
        self.limits = limits
        self.receiving = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI 3, `http` only: websockets and lifespan are off."""
        response = await self.respond(scope, receive)
        try:
            await send_response(response, send)
        finally:
            response.close()

    async def respond(self, scope: Any, receive: Any) -> Response:
        """The response to one request; a request that cannot be received whole is refused here."""
        loop = asyncio.get_running_loop()
        try:
            body = await self.receive_body(scope, receive) if has_body(scope) else None
        except RefusedRequest as refused:
            return await loop.run_in_executor(
                self.threads, self.refuse, refused.code, environ_of(scope, None)
            )
        try:
            threads = self.upload_threads if has_files(scope) else self.threads
            return await loop.run_in_executor(threads, respond, self.wsgi, environ_of(scope, body))
        finally:
            if body is not None:
                body.close()

    async def receive_body(self, scope: Any, receive: Any) -> BinaryIO:
        """The whole body as a file. RefusedRequest while too many other bodies are still arriving."""
        if self.receiving >= self.limits.bodies:
            raise RefusedRequest("unavailable")
        self.receiving += 1
        try:
            return await receive_body(scope, receive, self.limits)
        finally:
            self.receiving -= 1


def exit_with_parent() -> None:
    """End this worker soon after granian's main process has ended, even if killed: granian does not do so."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def create() -> Application:
    """granian's factory, called once in each worker process."""
    from config.wsgi import application  # first: it chooses the profile and sets Django up

    exit_with_parent()
    return _ready(application)


def _ready(application: WSGIApplication) -> Application:
    from django.conf import settings
    from django.db import connection
    from django.urls import get_resolver

    from config.serving.refusals import refuse

    _ = get_resolver().url_patterns  # imports every view now, and not while the first readers wait
    if connection.vendor == "sqlite":
        connection.ensure_connection()  # this thread's, never closed: config/settings/sqlite.py explains why
    return Application(
        application,
        refuse=refuse,
        threads=env.WEB_THREADS,
        upload_threads=settings.XINGLIN_DRAWINGS + SPARE_UPLOADS,
        limits=Limits(bodies=env.WEB_CONNECTIONS // 4),
    )
