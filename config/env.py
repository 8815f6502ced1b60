"""The only reader of the environment. Each variable is declared here once and documented in .env.example.

A value that cannot be read raises ImproperlyConfigured naming the variable, never its content.
"""

from __future__ import annotations

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# A developer's own file; production passes real variables instead.
environ.Env.read_env(str(BASE_DIR / ".env"))

VAR = Path(env.str("XINGLIN_VAR", default=str(BASE_DIR / "var"))).resolve()
BASE_URL: str = env.str("XINGLIN_BASE_URL", default="").rstrip("/")
PORT: int = env.int("PORT", default=8000)
SECRET_KEY: str = env.str("SECRET_KEY", default="")
DEBUG: bool = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
TRUSTED_PROXY: bool = env.bool("XINGLIN_TRUSTED_PROXY", default=False)
LOG_FORMAT: str = env.str("XINGLIN_LOG_FORMAT", default="json")
LOG_LEVEL: str = env.str("XINGLIN_LOG_LEVEL", default="INFO")

DATABASE_URL: str = env.str("DATABASE_URL", default="")
REDIS_URL: str = env.str("REDIS_URL", default="")
ELASTICSEARCH_URL: str = env.str("ELASTICSEARCH_URL", default="")
SEARCH_INDEX: str = env.str("XINGLIN_SEARCH_INDEX", default="xinglin-articles")

EMAIL_URL: str = env.str("EMAIL_URL", default="")
EMAIL_FROM: str = env.str("XINGLIN_EMAIL_FROM", default="Xinglin <noreply@localhost>")

CREDENTIAL_KEYS: list[str] = env.list("XINGLIN_CREDENTIAL_KEYS", default=[])
CONSENT_KEY: str = env.str("XINGLIN_CONSENT_KEY", default="")
OIDC_PRIVATE_KEY: str = env.str("XINGLIN_OIDC_PRIVATE_KEY", default="", multiline=True)

TEST_DATABASE_URL: str = env.str("XINGLIN_TEST_DATABASE_URL", default="")
TEST_REDIS_URL: str = env.str("XINGLIN_TEST_REDIS_URL", default="")
TEST_ELASTICSEARCH_URL: str = env.str("XINGLIN_TEST_ELASTICSEARCH_URL", default="")


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for `url` (postgres://…, sqlite:///…)."""
    return dict(env.db_url_config(url))


def email(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings for `url` (smtp+tls://…, consolemail://)."""
    return dict(env.email_url_config(url))
