"""Several processes on one embedded index: each sees what another wrote, and one writes at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
from django.conf import settings

from search.errors import IndexBusy
from search.locks import file_lock
from tests.factories.search import ask, document, fill

WRITER = """
import sys
from datetime import date
from pathlib import Path
import django
django.setup()
from search.documents import SearchDocument
from search.engines.embedded import EmbeddedEngine

engine = EmbeddedEngine(url="", index=sys.argv[2], path=Path(sys.argv[1]))
text = sys.argv[4]
made = SearchDocument("elsewhere", 7, 7, 9, "zone-9", "hcp", "9:hcp", "zh-hans", date.today(), text, "", "",
    text, "秋水仙碱")
if sys.argv[3] == "apply":
    engine.apply([made], [])
else:
    name = engine.index + "-elsewhere"
    engine.create(name)
    engine.load(name, [made])
    engine.swap(name)
"""


def elsewhere(engine, step, text="哮喘"):
    """The same index, written by another process."""
    subprocess.run(
        [sys.executable, "-c", WRITER, str(engine.path), engine.index, step, text],
        check=True,
        timeout=60,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
    )


def test_a_reader_sees_what_another_process_wrote(embedded):
    fill(embedded, [document("痛风")])
    assert ask(embedded, "哮喘").total == 0
    elsewhere(embedded, "apply")
    assert ask(embedded, "哮喘").total == 1
    assert ask(embedded, "秋水仙碱", "9:hcp").total == 1  # behind a key that this process had not seen
    assert ask(embedded, "痛风").total == 1


def test_a_reader_follows_a_swap_by_another_process(embedded):
    fill(embedded, [document("痛风")])
    assert ask(embedded, "痛风").total == 1
    elsewhere(embedded, "swap")
    assert ask(embedded, "痛风").total == 0
    assert ask(embedded, "哮喘").total == 1
    assert len([path for path in embedded.path.iterdir() if path.is_dir()]) == 1


def test_one_writer_at_a_time(embedded, monkeypatch):
    monkeypatch.setattr("search.engines.embedded._WRITE_WAIT", 0.1)
    fill(embedded, [document("痛风")])
    with file_lock(embedded.path / f"{embedded.index}.write.lock", 0), pytest.raises(IndexBusy):
        embedded.apply([document("哮喘")], [])
    embedded.apply([document("哮喘")], [])
    assert ask(embedded, "哮喘").total == 1


def test_readers_and_a_writer_at_the_same_moment(embedded):
    fill(embedded, [document("痛风", sequence=number) for number in range(1, 30)])
    seen, problems, done = [], [], threading.Event()

    def read():
        while not done.is_set():
            try:
                seen.append(ask(embedded, "痛风").total)
            except Exception as error:  # noqa: BLE001 - whatever happens in the thread is told
                problems.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for round_ in range(8):
        if round_ % 4 == 3:
            fill(embedded, [document("痛风", sequence=number) for number in range(1, 30)], f"round-{round_}")
        else:
            embedded.apply([document("痛风", sequence=5)], [])
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert set(seen) == {29}
