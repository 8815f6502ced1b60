"""A wrong configuration fails `manage.py check` with an id and a hint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.checks import check_configuration

ROOT = Path(__file__).resolve().parents[2]
REDIS = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ""}}


def ids() -> list[str | None]:
    return [message.id for message in check_configuration(None)]


def test_the_suites_own_configuration_is_right():
    assert ids() == []


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("SECRET_KEY", "", "xinglin.E001"),
        ("XINGLIN_BASE_URL", "", "xinglin.E002"),
        ("IDP_OIDC_PRIVATE_KEY", "", "xinglin.E004"),
        ("XINGLIN_CREDENTIAL_KEYS", [], "xinglin.E005"),
        ("ALLOWED_HOSTS", [], "xinglin.E006"),
        ("XINGLIN_CREDENTIAL_KEYS", ["c2hvcnQ="], "xinglin.E007"),
        ("XINGLIN_CREDENTIAL_KEYS", ["not base64"], "xinglin.E007"),
        ("XINGLIN_CONSENT_KEY", "c2hvcnQ=", "xinglin.E007"),
        ("CACHES", REDIS, "xinglin.E008"),
        ("XINGLIN_CONSENT_KEY", "", "xinglin.E009"),
        ("XINGLIN_API_RATES", {"read": "many"}, "xinglin.E030"),
        ("XINGLIN_API_RATES", {"sing": "5/min"}, "xinglin.E030"),
    ],
)
def test_what_is_missing_or_wrong_is_named(settings, setting, value, expected):
    setattr(settings, setting, value)
    assert ids() == [expected]
    assert all(message.hint for message in check_configuration(None))


@pytest.mark.parametrize(
    ("workers", "backend", "found"), [(2, "LocMemCache", True), (1, "LocMemCache", False)]
)
def test_a_memory_cache_for_several_processes_is_refused(settings, workers, backend, found):
    """Each process would count for itself."""
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.locmem.{backend}"}}
    settings.XINGLIN_WEB_WORKERS = workers
    assert ("xinglin.E031" in ids()) is found


def test_a_missing_database_is_named(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "")
    assert ids() == ["xinglin.E003"]


def run_check(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` of the production profile in an environment that holds only `variables`."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "XINGLIN_VAR": str(tmp_path),
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_without_an_environment_names_every_variable(tmp_path):
    answer = run_check(tmp_path, SECRET_KEY="x" * 60)
    assert answer.returncode == 1
    for number in (2, 3, 4, 5, 6, 8, 9):
        assert f"xinglin.E00{number}" in answer.stderr
    assert "search.E004" in answer.stderr


def test_production_with_its_environment_starts(tmp_path, settings):
    answer = run_check(
        tmp_path,
        SECRET_KEY="x" * 60,
        XINGLIN_BASE_URL="https://xinglin.test",
        ALLOWED_HOSTS="xinglin.test",
        DATABASE_URL="postgres://nobody@127.0.0.1:1/none",
        REDIS_URL="redis://127.0.0.1:1/0",
        ELASTICSEARCH_URL="http://127.0.0.1:1",
        XINGLIN_CREDENTIAL_KEYS=settings.XINGLIN_CREDENTIAL_KEYS[0],
        XINGLIN_CONSENT_KEY=settings.XINGLIN_CONSENT_KEY,
        XINGLIN_OIDC_PRIVATE_KEY=settings.IDP_OIDC_PRIVATE_KEY.replace("\n", "\\n"),
    )
    assert answer.returncode == 0, answer.stderr
