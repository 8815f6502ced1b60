"""A process of its own over the database and the index of a test: what dies, and what comes after it.

`python -m tests.faults.dying_process FACTS STEP`. FACTS is JSON with "database", "search" and "var".

Steps: publish-and-die kills itself between the commit and the indexing, publish-and-die-indexing after the
engine wrote and before the outbox is cleared, rebuild-and-die before the swap, sync runs one sync. Each step
that lives prints JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn


def die(*args: Any, **kwargs: Any) -> NoReturn:
    """As when the machine loses power: no handlers, no cleaning up."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def configure(facts: dict[str, Any]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    from django.conf import settings

    settings.DATABASES["default"].update(facts["database"])
    settings.XINGLIN_VAR = Path(facts["var"])
    settings.XINGLIN_SEARCH = settings.XINGLIN_SEARCH | facts["search"]

    import django

    django.setup()


def publish() -> None:
    from tests.factories.cms import ArticlePageFactory

    ArticlePageFactory(title="痛风")


def step(name: str) -> dict[str, Any]:
    from search import outbox, sync
    from search.engines.base import get_engine

    engine: Any = get_engine()
    if name == "publish-and-die":
        outbox.enqueue_sync = die
        publish()
    elif name == "publish-and-die-indexing":
        apply = engine.apply
        engine.apply = lambda write, remove: (apply(write, remove), die())
        publish()
    elif name == "rebuild-and-die":
        engine.swap = die
        sync.rebuild_and_sync(engine)
    report = sync.sync()
    return {"written": report.written, "removed": report.removed, "waiting": report.waiting}


if __name__ == "__main__":
    configure(json.loads(sys.argv[1]))
    sys.stdout.write(json.dumps(step(sys.argv[2])) + "\n")
