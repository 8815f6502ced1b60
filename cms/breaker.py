"""A circuit breaker: after a call to another process failed, the next callers do not wait for it as well.

It holds no lock during a call, so callers never queue behind a slow one; one object in each process for each
service that is called. The cache and Elasticsearch use it.
"""

from __future__ import annotations

import threading
import time

import structlog

log = structlog.get_logger(__name__)


class Breaker:
    """`pause`: seconds without a call after a failure.

    Then one caller tries; the others go on without the service.
    """

    def __init__(self, name: str, *, pause: float) -> None:
        self.name = name
        self.pause = pause
        self._closed_until: float | None = None
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Whether this caller should make its call. If so, it then reports `succeeded` or `failed`."""
        with self._lock:
            if self._closed_until is None:
                return True
            now = time.monotonic()
            if now < self._closed_until:
                return False
            self._closed_until = now + self.pause  # the others wait for the result of this one
            return True

    def failed(self, error: BaseException) -> None:
        """The call failed: no further call during the pause. Logs the first failure of a series, by kind."""
        with self._lock:
            first = self._closed_until is None
            self._closed_until = time.monotonic() + self.pause
        if first:
            log.error("service_away", service=self.name, error=type(error).__name__)

    def succeeded(self) -> None:
        """The call succeeded: every caller may call again."""
        if self._closed_until is None:
            return
        with self._lock:
            self._closed_until = None
        log.warning("service_back", service=self.name)

    @property
    def is_open(self) -> bool:
        """Whether the last call failed."""
        return self._closed_until is not None
