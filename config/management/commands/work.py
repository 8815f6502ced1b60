"""`manage.py work`: runs background tasks and their schedule, beside the web server. Several may run."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from cms import background
from config import scheduler, worker

log = structlog.get_logger(__name__)

TICK = 1.0  # seconds


class Command(BaseCommand):
    help = "Run background work and the schedule until stopped (Ctrl-C, TERM)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due now, then exit.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Return after a signal to stop, when running tasks have ended."""
        if options["once"]:
            worker.rescue()
            scheduler.start_due()
            worker.drain()
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        process = worker.WorkerProcess()
        process.start()
        try:
            _keep_schedule(process, stop)
        finally:
            process.stop()


def _keep_schedule(process: worker.WorkerProcess, stop: threading.Event) -> None:
    """Record heartbeats, requeue lost tasks and start due jobs.

    Survives a database that is unavailable for a while.
    """
    next_beat = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= next_beat:
                process.beat()
                worker.rescue()
                next_beat = time.monotonic() + background.BEAT.total_seconds()
            scheduler.start_due()
        except DatabaseError:
            log.exception("schedule_failed")
            connection.close()
        connection.close_if_unusable_or_obsolete()
        stop.wait(TICK)
