"""The only reader of the environment. Each variable is declared here once and documented in .env.example.

`NAME_FILE=/path` gives the content of a file instead (a mounted secret). A value that cannot be parsed
raises ImproperlyConfigured naming the variable, never its content.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


# Every other value is refused: `DEBUG=flase` must not count as no.
_FALSE = ("false", "off", "no", "n", "0")


class Environment(environ.FileAwareEnv):
    """django-environ, taking every value literally and refusing the values that it would guess at."""

    def get_value(self, var: str, cast: Any = None, default: Any = None, parse_default: bool = False) -> Any:
        """The value of `var` as `cast`; `default` where it is not set or empty."""
        # Not super(): it reads a value that starts with "$" as the name of another variable, and one secret
        # in some fifty starts with it.
        raw = self.ENVIRON.get(var, "").strip()
        if not raw:
            return default
        if cast is bool and raw.lower() not in (*self.BOOLEAN_TRUE_STRINGS, *_FALSE):
            raise ImproperlyConfigured(f"{var} is neither true nor false.")
        try:
            return self.parse_value(raw, cast)
        except ValueError:
            raise ImproperlyConfigured(
                f"{var} cannot be read as {getattr(cast, '__name__', 'pairs')}."
            ) from None

    def one_of(self, var: str, *known: str, default: str) -> str:
        """The value of `var`, one of `known` in any case, as it is written there."""
        value = self.str(var, default=default)
        for word in known:
            if word.lower() == value.lower():
                return word
        raise ImproperlyConfigured(f"{var} is none of {', '.join(known)}.")


env = Environment()
# A developer's own file; production passes real variables instead.
Environment.read_env(str(BASE_DIR / ".env"))

VAR = Path(env.str("XINGLIN_VAR", default=str(BASE_DIR / "var"))).resolve()
STATIC_ROOT = Path(env.str("XINGLIN_STATIC_ROOT", default=str(VAR / "static"))).resolve()
BASE_URL: str = env.str("XINGLIN_BASE_URL", default="").rstrip("/")
PORT: int = env.int("PORT", default=8000)
LISTEN: str = env.str("LISTEN", default="127.0.0.1")
WEB_WORKERS: int = env.int("XINGLIN_WEB_WORKERS", default=1)
WEB_THREADS: int = env.int("XINGLIN_WEB_THREADS", default=8)
WEB_CONNECTIONS: int = env.int("XINGLIN_WEB_CONNECTIONS", default=1000)
SECRET_KEY: str = env.str("SECRET_KEY", default="")
DEBUG: bool = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
TRUSTED_PROXIES: list[str] = env.list("XINGLIN_TRUSTED_PROXIES", default=[])
HSTS_SECONDS: int = env.int("XINGLIN_HSTS_SECONDS", default=365 * 24 * 3600)
HSTS_SUBDOMAINS: bool = env.bool("XINGLIN_HSTS_SUBDOMAINS", default=False)
HSTS_PRELOAD: bool = env.bool("XINGLIN_HSTS_PRELOAD", default=False)
LOG_FORMAT: str = env.one_of("XINGLIN_LOG_FORMAT", "json", "console", default="json")
LOG_LEVEL: str = env.one_of(
    "XINGLIN_LOG_LEVEL", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", default="INFO"
)

SIGNIN_ATTEMPTS: int = env.int("XINGLIN_SIGNIN_ATTEMPTS", default=10)
SIGNIN_LOCK_MINUTES: int = env.int("XINGLIN_SIGNIN_LOCK_MINUTES", default=15)
SECOND_FACTOR: str = env.str("XINGLIN_SECOND_FACTOR", default="")
MAILS_PER_PERSON: int = env.int("XINGLIN_MAILS_PER_PERSON", default=5)
MAILS_PER_ADDRESS: int = env.int("XINGLIN_MAILS_PER_ADDRESS", default=100)

DATABASE_URL: str = env.str("DATABASE_URL", default="")
REDIS_URL: str = env.str("REDIS_URL", default="")
API_RATES: dict[str, str] = env.dict("XINGLIN_API_RATES", default={})
ELASTICSEARCH_URL: str = env.str("ELASTICSEARCH_URL", default="")
SEARCH_INDEX: str = env.str("XINGLIN_SEARCH_INDEX", default="xinglin-articles")

EMAIL_URL: str = env.str("EMAIL_URL", default="")
EMAIL_FROM: str = env.str("XINGLIN_EMAIL_FROM", default="Xinglin <noreply@localhost>")

REGISTERS: list[str] = env.list("XINGLIN_REGISTERS", default=[])
REGISTER_CSV: str = env.str("XINGLIN_REGISTER_CSV", default="")
REGISTER_NAME: str = env.str("XINGLIN_REGISTER_NAME", default="")
WEBHOOK_NETWORKS: list[str] = env.list("XINGLIN_WEBHOOK_NETWORKS", default=[])

DRAWINGS: int = env.int("XINGLIN_DRAWINGS", default=2)
SECOND_REVIEW_PERCENT: int = env.int("XINGLIN_SECOND_REVIEW_PERCENT", default=0)

CREDENTIAL_KEYS: list[str] = env.list("XINGLIN_CREDENTIAL_KEYS", default=[])
CONSENT_KEY: str = env.str("XINGLIN_CONSENT_KEY", default="")
OIDC_PRIVATE_KEY: str = env.str("XINGLIN_OIDC_PRIVATE_KEY", default="", multiline=True)

API_DOCS_SIGN_IN: bool = env.bool("XINGLIN_API_DOCS_SIGN_IN", default=True)
REFRESH_TOKEN_DAYS: int = env.int("XINGLIN_REFRESH_TOKEN_DAYS", default=30)
REFRESH_TOKEN_GRACE: int = env.int("XINGLIN_REFRESH_TOKEN_GRACE", default=30)

ERASURE_GRACE_DAYS: int = env.int("XINGLIN_ERASURE_GRACE_DAYS", default=14)
RETENTION_DAYS: dict[str, int] = env.dict("XINGLIN_RETENTION_DAYS", cast={"value": int}, default={})

CONTROLLER_NAME: str = env.str("XINGLIN_CONTROLLER_NAME", default="Xinglin")
CONTROLLER_EMAIL: str = env.str("XINGLIN_CONTROLLER_EMAIL", default="")
CONTROLLER_URL: str = env.str("XINGLIN_CONTROLLER_URL", default="")
CONTROLLER_ADDRESS: str = env.str("XINGLIN_CONTROLLER_ADDRESS", default="")

TEST_DATABASE_URL: str = env.str("XINGLIN_TEST_DATABASE_URL", default="")
TEST_REDIS_URL: str = env.str("XINGLIN_TEST_REDIS_URL", default="")
TEST_ELASTICSEARCH_URL: str = env.str("XINGLIN_TEST_ELASTICSEARCH_URL", default="")


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `url`: postgres://… or sqlite:///…; ImproperlyConfigured for any other."""
    if not url.startswith(("postgres://", "postgresql://", "sqlite://")):
        raise ImproperlyConfigured("DATABASE_URL starts with postgres:// or sqlite:///.")
    try:
        return dict(env.db_url_config(url))
    except ValueError:
        raise ImproperlyConfigured("DATABASE_URL cannot be read; is its password URL-encoded?") from None


def email(url: str) -> dict[str, object]:
    """Django's EMAIL_* settings for `url`: smtp+tls://…, consolemail://; ImproperlyConfigured for others."""
    try:
        return dict(env.email_url_config(url))
    except (KeyError, ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured("EMAIL_URL cannot be read; is its password URL-encoded?") from None
