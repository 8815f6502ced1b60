"""Limits of the API: counted together by all processes, sent with each response, never in the way."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as configured

from api import counters
from api.rates import DEFAULT_RATES, Rate, parse_rate, wrong_rates
from tests.api.whole_article import golden_zone
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db
START = 4_000_000_020.0  # the start of a minute, in times when nothing is old yet
ROOT = Path(__file__).resolve().parents[2]
COUNTING = """
import sys
from django.conf import settings
settings.configure(XINGLIN_VAR=sys.argv[1], CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}})
from api.counters import count
import time
while time.time() < float(sys.argv[2]): pass
print([count("shared", 3600, now=4e9)[0] for _ in range(40)])
"""  # noqa: E501


@pytest.fixture
def no_redis(settings):
    """The embedded profile's counters, whatever the suite runs on."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


class TestCounters:
    def test_each_event_counts_once_and_windows_follow_the_clock(self):
        assert [counters.count("a", 60, now=START + after) for after in (0, 1, 59.5, 60)] == [
            (1, 60),
            (2, 59),
            (3, 1),
            (1, 60),
        ]
        assert counters.count("b", 60, now=START + 1)[0] == 1

    def test_threads_lose_no_count(self):
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: counters.count("a", 60, now=START)[0], range(200)))
        assert sorted(found) == list(range(1, 201))

    def test_processes_count_together(self, tmp_path):
        """A counter in each process's memory lets N times as much through.

        All open the new file at the same instant, where SQLite refuses all but one at once.
        """
        for attempt in range(4):
            start = str(time.time() + 1)
            command = [sys.executable, "-c", COUNTING, str(tmp_path / str(attempt)), start]
            started = [
                subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(5)
            ]
            printed = [process.communicate()[0] for process in started]
            found = [number for numbers in printed for number in json.loads(numbers)]
            assert sorted(found) == list(range(1, 201))

    def test_old_windows_are_deleted(self, no_redis, monkeypatch):
        monkeypatch.setattr(counters, "_SWEEP_EVERY", 2)
        counters.count("old", 60, now=120.0)
        counters.count("new", 60)
        counters.count("newer", 60)
        with sqlite3.connect(Path(configured.XINGLIN_VAR) / "counters.sqlite3") as connection:
            keys = [row[0] for row in connection.execute("SELECT key FROM counter")]
        assert not [key for key in keys if "old" in key]

    def test_what_cannot_be_counted_goes_on(self, client, no_redis, settings, tmp_path, caplog):
        blocked = tmp_path / "file"
        blocked.write_text("")
        settings.XINGLIN_VAR = blocked  # no folder: as on a full or read-only disk
        settings.XINGLIN_API_RATES = {"read": "1/min"}
        assert [client.get("/api/v1/zones").status_code for _ in range(3)] == [200, 200, 200]
        assert "not_counted" in caplog.text

    def test_a_writer_of_the_counters_delays_no_reader(self, client, no_redis, settings):
        counters.count("first", 60)
        with sqlite3.connect(Path(settings.XINGLIN_VAR) / "counters.sqlite3", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            assert client.get("/api/v1/zones").status_code == 200
            assert time.monotonic() - started < 1
            other.execute("ROLLBACK")


class TestHeaders:
    def quota(self, response) -> dict[str, int]:
        found = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', response["RateLimit"])
        return {"kind": found[1], "left": int(found[2]), "seconds": int(found[3])}

    def test_every_response_says_what_is_left(self, client, settings):
        settings.XINGLIN_API_RATES = {"read": "3/day"}  # a minute could end meanwhile
        golden_zone()
        left = []
        for expected in (200, 200, 200, 429, 429):
            response = client.get("/api/v1/zones")
            assert response.status_code == expected
            assert response["RateLimit-Policy"] == '"read";q=3;w=86400'
            quota = self.quota(response)
            assert quota["kind"] == "read"
            assert 0 < quota["seconds"] <= 86400
            left.append(quota["left"])
            if expected == 429:
                assert abs(int(response["Retry-After"]) - quota["seconds"]) <= 1
            else:
                assert "Retry-After" not in response
        assert left == [2, 1, 0, 0, 0]

    def test_each_kind_has_its_own(self, client):
        assert self.quota(client.get("/api/v1/search?q=a"))["kind"] == "search"
        client.force_login(UserFactory())
        response = client.post("/api/v1/gate/zones/none/steps/0", {}, content_type="application/json")
        assert self.quota(response)["kind"] == "write"

    def test_browsers_of_other_origins_may_read_them(self, client):
        response = client.get("/api/v1/zones", headers={"Origin": "https://app.example.org"})
        exposed = response["Access-Control-Expose-Headers"]
        assert "RateLimit" in exposed.split(", ")
        assert "RateLimit-Policy" in exposed.split(", ")

    def test_the_site_counts_with_the_api(self, client, settings):
        settings.XINGLIN_API_RATES = {"search": "2/day"}
        assert client.get("/api/v1/search?q=a").status_code == 200
        assert self.quota(client.get("/search/?q=a"))["left"] == 0
        refused = client.get("/search/?q=a")
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0

    def test_what_is_off_says_nothing(self, client, settings):
        settings.XINGLIN_API_RATES = {"read": "off"}
        assert "RateLimit" not in client.get("/api/v1/zones")


class TestRates:
    @pytest.mark.parametrize(
        ("text", "rate"),
        [("600/min", Rate(600, 60)), ("5/s", Rate(5, 1)), ("9/hour", Rate(9, 3600)), ("off", None)],
    )
    def test_how_a_rate_is_written(self, text, rate):
        assert parse_rate(text) == rate

    @pytest.mark.parametrize("text", ["", "0/min", "-1/min", "5", "5/", "5/year", "1e9/min", "5 /min"])
    def test_what_is_no_rate(self, client, settings, text):
        with pytest.raises(ValueError, match="not a rate"):
            parse_rate(text)
        settings.XINGLIN_API_RATES = {"read": text}
        # The default holds: a slip of the pen opens nothing and stops nothing.
        limit = DEFAULT_RATES["read"].partition("/")[0]
        assert f"q={limit};" in client.get("/api/v1/zones")["RateLimit-Policy"]

    def test_which_entry_is_wrong(self):
        assert wrong_rates(DEFAULT_RATES | {"read": "many", "sing": "5/min"}) == ["read=many", "sing=5/min"]
        assert wrong_rates(DEFAULT_RATES) == []
