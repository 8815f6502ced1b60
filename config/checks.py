"""System checks of the configuration: ids `xinglin.E0xx`, each with a hint. Connected in `config.apps`."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from api.rates import wrong_rates
from gate.people import MODES, REQUIRED, TrustedProxies

_NEW_KEY = "openssl rand -base64 32"


@register(Tags.security)
def check_configuration(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Report each setting that this profile needs to start and that is missing or malformed."""
    cache = settings.CACHES["default"]
    lacks_redis = cache["BACKEND"].endswith("RedisCache") and not cache.get("LOCATION")
    # Each: what must hold, its id, the variable, the hint.
    required = (
        (
            _secret_key(),
            "E001",
            "SECRET_KEY",
            "Signs sessions and links: openssl rand -base64 48",
        ),
        (settings.XINGLIN_BASE_URL, "E002", "XINGLIN_BASE_URL", "Mails and OpenID Connect name it."),
        (settings.DATABASES["default"].get("NAME"), "E003", "DATABASE_URL", "postgres://user@host/name"),
        (settings.IDP_OIDC_PRIVATE_KEY, "E004", "XINGLIN_OIDC_PRIVATE_KEY", "openssl genrsa 2048"),
        (settings.XINGLIN_CREDENTIAL_KEYS, "E005", "XINGLIN_CREDENTIAL_KEYS", _NEW_KEY),
        (settings.ALLOWED_HOSTS, "E006", "ALLOWED_HOSTS", "The host names that readers use."),
        (not lacks_redis, "E008", "REDIS_URL", "redis://host:6379/0"),
        (settings.XINGLIN_CONSENT_KEY, "E009", "XINGLIN_CONSENT_KEY", _NEW_KEY),
    )
    found: list[CheckMessage] = [
        Error(f"{variable} is not set.", hint=hint, id=f"xinglin.{number}")
        for fulfilled, number, variable, hint in required
        if not fulfilled
    ]
    for variable, keys in (
        ("XINGLIN_CREDENTIAL_KEYS", settings.XINGLIN_CREDENTIAL_KEYS),
        ("XINGLIN_CONSENT_KEY", [settings.XINGLIN_CONSENT_KEY]),
    ):
        if not all(_decodes_to_32_bytes(key) for key in keys if key):
            found.append(Error(f"{variable} is not 32 bytes of base64.", hint=_NEW_KEY, id="xinglin.E007"))
    return found + _wrong_values() + _wrong_limits()


def _wrong_values() -> list[CheckMessage]:
    """Settings that are set, but to a value that cannot be right."""
    found: list[CheckMessage] = []
    try:
        TrustedProxies.parse(settings.XINGLIN_TRUSTED_PROXIES)
    except ValueError:
        hint = "A number of proxies such as 1, or networks such as 10.20.0.0/16,192.0.2.7, or unix."
        found.append(Error("XINGLIN_TRUSTED_PROXIES cannot be read.", hint=hint, id="xinglin.E020"))
    for variable, value in (
        ("XINGLIN_SIGNIN_ATTEMPTS", settings.AXES_FAILURE_LIMIT),
        ("XINGLIN_SIGNIN_LOCK_MINUTES", settings.AXES_COOLOFF_TIME.total_seconds()),
        ("XINGLIN_MAILS_PER_PERSON", settings.XINGLIN_MAILS_PER_PERSON),
        ("XINGLIN_MAILS_PER_ADDRESS", settings.XINGLIN_MAILS_PER_ADDRESS),
    ):
        if value < 1:
            found.append(Error(f"{variable} is less than 1.", hint="Use a whole number.", id="xinglin.E021"))
    if settings.XINGLIN_SECOND_FACTOR not in MODES:
        hint = f"One of {', '.join(MODES)}."
        found.append(Error("XINGLIN_SECOND_FACTOR is not known.", hint=hint, id="xinglin.E022"))
    return found


@register(Tags.security, deploy=True)
def check_second_factor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """In production, staff users with rights over others must have a second factor."""
    if settings.XINGLIN_SECOND_FACTOR == REQUIRED:
        return []
    hint = "Leave it unset, or set it to required."
    return [Error("XINGLIN_SECOND_FACTOR lets staff do without.", hint=hint, id="xinglin.E023")]


def _wrong_limits() -> list[CheckMessage]:
    """Limits that cannot be parsed, or that each process would count for itself."""
    found: list[CheckMessage] = []
    if wrong := wrong_rates(settings.XINGLIN_API_RATES):
        hint = "read, search and write, each as 600/min (s, min, hour, day) or off: read=600/min,search=off"
        text = f"XINGLIN_API_RATES cannot be read: {', '.join(wrong)}."
        found.append(Error(text, hint=hint, id="xinglin.E030"))
    if settings.XINGLIN_WEB_WORKERS > 1 and settings.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        hint = "Set XINGLIN_WEB_WORKERS=1, or use the production profile with Redis."
        text = "Each web process would count for itself: limits would be too high, codes unknown."
        found.append(Error(text, hint=hint, id="xinglin.E031"))
    return found


def _secret_key() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's marker of an empty one
        return ""


def _decodes_to_32_bytes(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False
