"""`manage.py check --deploy`: what a production environment may not hold. Ids `xinglin.E03x` and `W03x`.

Missing values are reported by config.checks; values that cannot be parsed stop the start in config.env, as
`xinglin.E000`.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.http.request import validate_host

from config import env

_SECRET_LENGTH, _SECRET_VARIETY = 50, 5  # as Django's security.W009
_RSA_BITS = 2048
_UNSENT = ("console", "dummy", "filebased", "locmem")
_YEAR = 365 * 24 * 3600


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One message for each wrong value; none for what is not set."""
    checks = (_addresses, _secrets, _services, _mail, _transport, _numbers)
    return [message for check in checks for message in check()]


def _wrong(number: int, message: str, hint: str) -> CheckMessage:
    return Error(message, hint=hint, id=f"xinglin.E{number:03}")


def _addresses() -> Iterator[CheckMessage]:
    if any(host.strip(".") in ("*", "") for host in settings.ALLOWED_HOSTS):
        yield _wrong(31, "ALLOWED_HOSTS allows every name.", "The host names that readers use, and no *.")
    url = settings.XINGLIN_BASE_URL
    if not url:
        return
    parts = _split(url)
    if parts is None or parts.scheme != "https" or not parts.hostname or parts.username is not None:
        yield _wrong(32, "XINGLIN_BASE_URL is no https:// address.", "https://xinglin.example.org")
    elif parts.path or parts.query or parts.fragment:
        yield _wrong(32, "XINGLIN_BASE_URL has a path.", "https:// and the host, no more.")
    elif settings.ALLOWED_HOSTS and not validate_host(parts.hostname, settings.ALLOWED_HOSTS):
        hint = "Mails lead to XINGLIN_BASE_URL; add its host to ALLOWED_HOSTS."
        yield _wrong(33, "ALLOWED_HOSTS lacks the host of XINGLIN_BASE_URL.", hint)


def _secrets() -> Iterator[CheckMessage]:
    secret = settings.SECRET_KEY
    if secret and (len(secret) < _SECRET_LENGTH or len(set(secret)) < _SECRET_VARIETY):
        yield _wrong(30, "SECRET_KEY is too short or too simple.", "openssl rand -base64 48")
    if settings.IDP_OIDC_PRIVATE_KEY and not _is_rsa(settings.IDP_OIDC_PRIVATE_KEY):
        hint = f"An RSA key of {_RSA_BITS} bits or more in PEM: openssl genrsa {_RSA_BITS}"
        yield _wrong(34, "XINGLIN_OIDC_PRIVATE_KEY cannot sign.", hint)
    keys = [*settings.XINGLIN_CREDENTIAL_KEYS, settings.XINGLIN_CONSENT_KEY]
    if len(set(keys)) < len(keys):
        hint = "openssl rand -base64 32, for each of XINGLIN_CREDENTIAL_KEYS and XINGLIN_CONSENT_KEY."
        yield _wrong(35, "A key is used twice.", hint)


def _services() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    if database.get("NAME") and "postgresql" not in str(database.get("ENGINE")):
        hint = "postgres://user@host/name. SQLite serves one machine: the embedded profile."
        yield _wrong(36, "DATABASE_URL is not PostgreSQL.", hint)
    cache = settings.CACHES["default"]
    address = cache.get("LOCATION") or ""
    if "locmem" in cache["BACKEND"] or "dummy" in cache["BACKEND"]:
        yield _wrong(37, "The cache is not shared by the workers.", "Redis: REDIS_URL=redis://host:6379/0")
    elif isinstance(address, str) and address:
        parts = _split(address)
        if parts is None or parts.scheme not in ("redis", "rediss", "unix"):
            yield _wrong(37, "REDIS_URL is no address of a Redis.", "redis://host:6379/0")


def _mail() -> Iterator[CheckMessage]:
    if any(name in settings.XINGLIN_MAIL_TRANSPORT for name in _UNSENT):
        hint = "EMAIL_URL=smtp+tls://user:password@host:587"
        yield _wrong(38, "Mails are not sent: EMAIL_URL names no server.", hint)
    elif _sends_password_in_clear():
        yield CheckWarning(
            "EMAIL_URL sends its password without TLS.",
            hint="smtp+tls:// (port 587) or smtp+ssl:// (port 465).",
            id="xinglin.W031",
        )
    _, _, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")
    if "." not in domain or domain.endswith(".localhost"):
        hint = "Xinglin <noreply@xinglin.example.org>, at a domain that receives mail."
        yield _wrong(39, "XINGLIN_EMAIL_FROM is an address that nobody can answer.", hint)


def _transport() -> Iterator[CheckMessage]:
    if settings.DEBUG or env.DEBUG:
        yield _wrong(40, "DEBUG is on.", "Leave DEBUG out: its error pages show secrets.")
    if settings.SECURE_SSL_REDIRECT and not settings.XINGLIN_TRUSTED_PROXIES:
        yield CheckWarning(
            "XINGLIN_TRUSTED_PROXIES is not set, so every request is redirected to https for ever.",
            hint="bin/web speaks plain HTTP: a proxy with TLS stands in front. XINGLIN_TRUSTED_PROXIES=1",
            id="xinglin.W030",
        )
    preload = getattr(settings, "SECURE_HSTS_PRELOAD", False)
    if preload and not (settings.SECURE_HSTS_INCLUDE_SUBDOMAINS and settings.SECURE_HSTS_SECONDS >= _YEAR):
        hint = "Browsers' lists take a domain with XINGLIN_HSTS_SUBDOMAINS=true and a year or more."
        yield _wrong(41, "XINGLIN_HSTS_PRELOAD lacks what it needs.", hint)


def _numbers() -> Iterator[CheckMessage]:
    for variable, value, least, most in (
        ("PORT", env.PORT, 1, 65_535),
        ("XINGLIN_WEB_WORKERS", env.WEB_WORKERS, 1, 256),
        ("XINGLIN_WEB_THREADS", env.WEB_THREADS, 1, 256),
        ("XINGLIN_WEB_CONNECTIONS", env.WEB_CONNECTIONS, 16, 100_000),
        ("XINGLIN_HSTS_SECONDS", env.HSTS_SECONDS, 1, 10 * _YEAR),
        ("XINGLIN_SECOND_REVIEW_PERCENT", env.SECOND_REVIEW_PERCENT, 0, 100),
        ("XINGLIN_ERASURE_GRACE_DAYS", env.ERASURE_GRACE_DAYS, 0, 365),
    ):
        if not least <= value <= most:
            yield _wrong(42, f"{variable} is out of bounds.", f"A number from {least} to {most}.")


def _sends_password_in_clear() -> bool:
    secured = getattr(settings, "EMAIL_USE_TLS", False) or getattr(settings, "EMAIL_USE_SSL", False)
    return bool(getattr(settings, "EMAIL_HOST_USER", "")) and not secured


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _is_rsa(pem: str) -> bool:
    try:
        key = load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey) and key.key_size >= _RSA_BITS
