"""`manage.py check --deploy`: right environments pass without a word, each wrong value is named."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as suite
from django.core.exceptions import ImproperlyConfigured

from config import checks, deploy_checks, env
from config.settings import base, people, production
from search import checks as search_checks

ROOT = Path(__file__).resolve().parents[2]
RIGHT = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
    "XINGLIN_BASE_URL": "https://xinglin.example.org",
    "ALLOWED_HOSTS": "xinglin.example.org",
    "XINGLIN_TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgres://xinglin:secret@127.0.0.1:1/xinglin",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ELASTICSEARCH_URL": "http://127.0.0.1:1",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "XINGLIN_EMAIL_FROM": "Xinglin <noreply@example.org>",
    "XINGLIN_CREDENTIAL_KEYS": suite.XINGLIN_CREDENTIAL_KEYS[0],
    "XINGLIN_CONSENT_KEY": suite.XINGLIN_CONSENT_KEY,
    "XINGLIN_OIDC_PRIVATE_KEY": suite.IDP_OIDC_PRIVATE_KEY.replace("\n", "\\n"),
}
SHORT_RSA = (
    rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - too short on purpose
    .private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    .decode()
    .replace("\n", "\\n")
)


@pytest.fixture
def problems(monkeypatch, tmp_path):
    """Reads the production settings from RIGHT with changes; returns [(id, message)]."""

    def read(**changes):
        for name in [name for name in os.environ if name in _variables()]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("XINGLIN_VAR", str(tmp_path))
        for name, value in (RIGHT | changes).items():
            monkeypatch.setenv(name, value)
        for name in [name for name in vars(production) if name.isupper()]:
            delattr(production, name)  # reload keeps what it does not write
        for module in (env, people, base, production):
            importlib.reload(module)
        found = []
        for module, check in (
            (checks, checks.check_configuration),
            (deploy_checks, deploy_checks.check_deployment),
            (search_checks, search_checks.check_search),
        ):
            monkeypatch.setattr(module, "settings", production)
            found += check(None)
        assert all(message.hint for message in found)
        return [(message.id, message.msg) for message in found]

    yield read
    monkeypatch.undo()
    for module in (env, people, base):
        importlib.reload(module)


def _variables() -> set[str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {line.lstrip("#").partition("=")[0] for line in lines if "=" in line}


def test_no_thread_waits_for_a_database_without_end(problems):
    problems()
    assert production.DATABASES["default"]["OPTIONS"] == {"connect_timeout": 5, "tcp_user_timeout": 15_000}
    problems(DATABASE_URL=RIGHT["DATABASE_URL"] + "?connect_timeout=2")
    assert int(production.DATABASES["default"]["OPTIONS"]["connect_timeout"]) == 2


def test_a_right_environment_has_no_problem(problems):
    assert problems() == []


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("SECRET_KEY", "", "xinglin.E001"),
        ("SECRET_KEY", "too-short", "xinglin.E030"),
        ("SECRET_KEY", "ab" * 40, "xinglin.E030"),
        ("ALLOWED_HOSTS", "", "xinglin.E006"),
        ("ALLOWED_HOSTS", "*", "xinglin.E031"),
        ("ALLOWED_HOSTS", "xinglin.example.org,*", "xinglin.E031"),
        ("ALLOWED_HOSTS", "other.example.org", "xinglin.E033"),
        ("XINGLIN_BASE_URL", "", "xinglin.E002"),
        ("XINGLIN_BASE_URL", "http://xinglin.example.org", "xinglin.E032"),
        ("XINGLIN_BASE_URL", "xinglin.example.org", "xinglin.E032"),
        ("XINGLIN_BASE_URL", "https://xinglin.example.org/site", "xinglin.E032"),
        ("XINGLIN_BASE_URL", "https://user:secret@xinglin.example.org", "xinglin.E032"),
        ("XINGLIN_BASE_URL", "https://[xinglin", "xinglin.E032"),
        ("DEBUG", "true", "xinglin.E040"),
        ("DATABASE_URL", "", "xinglin.E003"),
        ("DATABASE_URL", "sqlite:////tmp/x.sqlite3", "xinglin.E036"),
        ("REDIS_URL", "", "xinglin.E008"),
        ("REDIS_URL", "http://127.0.0.1:6379", "xinglin.E037"),
        ("REDIS_URL", "127.0.0.1", "xinglin.E037"),
        ("ELASTICSEARCH_URL", "", "search.E004"),
        ("ELASTICSEARCH_URL", "127.0.0.1:9200", "search.E004"),
        ("XINGLIN_SEARCH_INDEX", "Über Uns", "search.E006"),
        ("EMAIL_URL", "", "xinglin.E038"),
        ("EMAIL_URL", "consolemail://", "xinglin.E038"),
        ("EMAIL_URL", "filemail:///tmp", "xinglin.E038"),
        ("EMAIL_URL", "smtp://user:secret@mail.example.org:25", "xinglin.W031"),
        ("XINGLIN_EMAIL_FROM", "", "xinglin.E039"),
        ("XINGLIN_EMAIL_FROM", "no address", "xinglin.E039"),
        ("XINGLIN_CREDENTIAL_KEYS", "", "xinglin.E005"),
        ("XINGLIN_CREDENTIAL_KEYS", "c2hvcnQ=", "xinglin.E007"),
        ("XINGLIN_CONSENT_KEY", "", "xinglin.E009"),
        ("XINGLIN_CONSENT_KEY", "not base64", "xinglin.E007"),
        # Made for this run: an id of their own keeps the names of the tests the same in each process.
        pytest.param(
            "XINGLIN_CONSENT_KEY", RIGHT["XINGLIN_CREDENTIAL_KEYS"], "xinglin.E035", id="one key for both"
        ),
        ("XINGLIN_OIDC_PRIVATE_KEY", "", "xinglin.E004"),
        ("XINGLIN_OIDC_PRIVATE_KEY", "no key", "xinglin.E034"),
        pytest.param("XINGLIN_OIDC_PRIVATE_KEY", SHORT_RSA, "xinglin.E034", id="1,024 bits"),
        ("XINGLIN_TRUSTED_PROXIES", "", "xinglin.W030"),
        ("XINGLIN_TRUSTED_PROXIES", "everybody", "xinglin.E020"),
        ("XINGLIN_HSTS_PRELOAD", "true", "xinglin.E041"),
        ("XINGLIN_HSTS_SECONDS", "0", "xinglin.E042"),
        ("XINGLIN_WEB_WORKERS", "0", "xinglin.E042"),
        ("XINGLIN_WEB_THREADS", "-1", "xinglin.E042"),
        ("XINGLIN_WEB_CONNECTIONS", "1", "xinglin.E042"),
        ("PORT", "70000", "xinglin.E042"),
        ("XINGLIN_SECOND_REVIEW_PERCENT", "101", "xinglin.E042"),
        ("XINGLIN_ERASURE_GRACE_DAYS", "-1", "xinglin.E042"),
    ],
)
def test_each_wrong_value_is_named(problems, variable, value, expected):
    found = problems(**{variable: value})
    assert [number for number, _ in found] == [expected]
    assert "secret" not in found[0][1]
    if not expected.startswith("search."):
        assert variable in found[0][1] or expected == "xinglin.E035"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DEBUG", "flase"),
        ("DATABASE_URL", "mysql://127.0.0.1/x"),
        ("DATABASE_URL", "postgres://user:sesame@[::1/x"),
        ("EMAIL_URL", "mail.example.org"),
        ("PORT", "http"),
        ("XINGLIN_LOG_LEVEL", "LOUD"),
        ("XINGLIN_LOG_FORMAT", "xml"),
        ("XINGLIN_HSTS_SUBDOMAINS", "maybe"),
        ("XINGLIN_RETENTION_DAYS", "answers=soon"),
    ],
)
def test_what_cannot_be_read_stops_the_start_and_is_named(problems, variable, value):
    with pytest.raises(ImproperlyConfigured, match=variable) as refused:
        problems(**{variable: value})
    assert "sesame" not in str(refused.value)


def test_hsts_reaches_further_only_when_asked(problems):
    problems()
    assert production.SECURE_HSTS_SECONDS > 0
    assert (production.SECURE_HSTS_INCLUDE_SUBDOMAINS, production.SECURE_HSTS_PRELOAD) == (False, False)
    assert problems(XINGLIN_HSTS_SUBDOMAINS="true", XINGLIN_HSTS_PRELOAD="true") == []
    assert (production.SECURE_HSTS_INCLUDE_SUBDOMAINS, production.SECURE_HSTS_PRELOAD) == (True, True)


def check_deploy(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "XINGLIN_VAR": str(tmp_path),
            **RIGHT,
            **changes,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_passes_when_everything_is_right(tmp_path):
    """Django's own checks and the libraries' too, without a warning, and with no service to ask."""
    done = check_deploy(tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_command_fails_with_the_number_and_the_hint(tmp_path):
    done = check_deploy(tmp_path, ALLOWED_HOSTS="*", DEBUG="true", EMAIL_URL="")
    assert done.returncode == 1
    for number in ("E031", "E038", "E040"):
        assert f"xinglin.{number}" in done.stderr
    assert done.stderr.count("HINT") == 3


def test_the_command_names_what_it_cannot_read_without_a_traceback(tmp_path):
    done = check_deploy(tmp_path, EMAIL_URL="mail.example.org")
    assert done.returncode == 1
    assert "(xinglin.E000) EMAIL_URL" in done.stderr
    assert "Traceback" not in done.stderr
