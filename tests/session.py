"""What holds for a whole run: nothing is skipped, processes do not meet, nothing is left behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

_skipped: list[str] = []
# --hypothesis-profile=long: what a night is for. tests/gate/verification/test_case_life.py plays longer, too.
hypothesis.settings.register_profile("long", max_examples=2000, deadline=None)
# A clock that runs while the machine does other things says nothing about a test.
hypothesis.settings.register_profile(
    "usual", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("usual")


def pytest_configure(config: pytest.Config) -> None:
    """Each process of a parallel run has its own Redis database: clearing a cache empties a whole one."""
    worker: str = getattr(config, "workerinput", {}).get("workerid", "gw0")
    cache = settings.CACHES["default"]
    if cache["BACKEND"].endswith("RedisCache"):
        server = str(cache["LOCATION"]).rsplit("/", 1)[0]
        cache["LOCATION"] = f"{server}/{int(worker.removeprefix('gw'))}"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped, in whichever process."""
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A whole module can be skipped too."""
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test fails the run. The settings made a folder for this process, which goes."""
    if _skipped:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    shutil.rmtree(Path(settings.XINGLIN_VAR), ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why the run failed."""
    for nodeid in _skipped:
        terminalreporter.write_line(f"SKIPPED, which counts as failed: {nodeid}", red=True)
