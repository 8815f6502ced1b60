"""A process is killed between commit and indexing; the next sync indexes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.db import connection

from search.index import rebuild
from tests.factories.search import ask
from tests.search.conftest import engine

__all__ = ["engine"]  # the fixture: both engines

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def process(engine, own_var, settings):
    """Runs a step of dying_process over this test's database and index; returns (exit code, what it said)."""
    if connection.vendor == "sqlite":  # in memory: other processes get a copy in a file, which they share
        database = {"NAME": str(own_var / "copy.sqlite3")}
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [database["NAME"]])
    else:
        database = {"NAME": connection.settings_dict["NAME"]}
    search = {**settings.XINGLIN_SEARCH, "PATH": str(settings.XINGLIN_SEARCH["PATH"])}
    facts = json.dumps({"database": database, "search": search, "var": str(own_var)})

    def run(step):
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.dying_process", facts, step],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=configured.BASE_DIR,
        )
        said = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else done.stderr
        return done.returncode, said

    return run


def test_killed_between_commit_and_indexing(engine, process):
    rebuild(engine)
    code, said = process("publish-and-die")
    assert code == -signal.SIGKILL, said
    assert ask(engine, "痛风").total == 0
    assert process("sync") == (0, {"written": 1, "removed": 0, "waiting": 0})
    assert ask(engine, "痛风").total == 1


def test_killed_between_indexing_and_clearing_the_outbox(engine, process):
    rebuild(engine)
    code, said = process("publish-and-die-indexing")
    assert code == -signal.SIGKILL, said
    assert ask(engine, "痛风").total == 1
    assert process("sync") == (0, {"written": 1, "removed": 0, "waiting": 0})
    assert ask(engine, "痛风").total == 1
    assert len(list(engine.inventory())) == 1


def test_killed_during_a_rebuild(engine, process):
    rebuild(engine)
    process("publish-and-die")
    code, said = process("rebuild-and-die")
    assert code == -signal.SIGKILL, said
    assert ask(engine, "痛风").total == 0  # the old index answers, and nobody holds its lock
    assert process("sync") == (0, {"written": 1, "removed": 0, "waiting": 0})
    assert ask(engine, "痛风").total == 1
    rebuild(engine)
