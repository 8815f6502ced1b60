"""Seeds the demo into a folder of its own and times the responses of one process, without a server.

`python -m benchmarks [--rounds N]` prints, for each address, the median and the 95th percentile in
milliseconds, the median as a multiple of the first address's, and the number of queries. The first response
of each address is left out. Then `run(rounds)` of each other module in this package.
"""

from __future__ import annotations

import argparse
import importlib
import io
import logging
import os
import pkgutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import django

import benchmarks


def addresses(client: Any) -> Iterator[tuple[str, str]]:
    """(what, address) pairs over the demo's own articles: one open, one locked."""
    listed = client.get("/api/v1/articles?limit=50").json()
    articles = listed.get("results") or listed.get("items")
    opened = next(a for a in articles if a["audience"] == "public")
    locked = next(a for a in articles if a["audience"] == "hcp")
    yield "health", "/healthz"
    yield "list of articles", "/api/v1/articles"
    yield "open article", f"/api/v1/articles/{opened['id']}"
    yield "locked article", f"/api/v1/articles/{locked['id']}"
    yield "search", "/api/v1/search?q=肝癌"
    yield "home page", "/"
    yield "open article's page", f"/articles/{opened['id']}/"
    yield "locked article's page", f"/articles/{locked['id']}/"


def measure(client: Any, address: str, rounds: int) -> tuple[float, float, int]:
    """(median ms, 95th percentile ms, queries) of `rounds` responses."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    queries = len(captured)  # counted now: the next request empties the log
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18], queries


def main() -> None:
    """Prepare the demo, measure, print a table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="xinglin-bench-") as folder:
        os.environ |= {"XINGLIN_VAR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.local"}
        django.setup()
        from django.core.management import call_command
        from django.test import Client

        logging.disable(logging.CRITICAL)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("seed_demo", stdout=io.StringIO())
        client = Client(headers={"host": "localhost"})
        print(f"{'':24}{'median ms':>10}{'95 % ms':>10}{'ratio':>9}{'queries':>9}")
        unit = None
        for what, address in addresses(client):
            median, slow, queries = measure(client, address, rounds)
            unit = unit or median
            print(f"{what:24}{median:10.2f}{slow:10.2f}{median / unit:9.1f}{queries:9}")
        for module in pkgutil.iter_modules(benchmarks.__path__):
            if module.name != "__main__":
                print()
                importlib.import_module(f"benchmarks.{module.name}").run(rounds)


if __name__ == "__main__":
    main()
