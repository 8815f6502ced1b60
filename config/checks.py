"""System checks of the configuration: ids `xinglin.E0xx`, each with a hint. Connected in `config.apps`."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def _decodes_to_32_bytes(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _required(value: object, id_: str, variable: str, why: str) -> list[CheckMessage]:
    return [] if value else [Error(f"{variable} is not set.", hint=why, id=id_)]


@register(Tags.security)
def check_configuration(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Everything a profile needs to start is there and has the right form."""
    found = [
        *_required(settings.SECRET_KEY, "xinglin.E001", "SECRET_KEY", "Sessions and links are signed with it."),
        *_required(
            settings.XINGLIN_BASE_URL, "xinglin.E002", "XINGLIN_BASE_URL", "Mails and OpenID Connect name it."
        ),
        *_required(
            settings.DATABASES["default"].get("NAME"), "xinglin.E003", "DATABASE_URL", "postgres://user@host/name"
        ),
        *_required(
            settings.IDP_OIDC_PRIVATE_KEY, "xinglin.E004", "XINGLIN_OIDC_PRIVATE_KEY", "An RSA key in PEM form."
        ),
        *_required(
            settings.XINGLIN_CREDENTIAL_KEYS,
            "xinglin.E005",
            "XINGLIN_CREDENTIAL_KEYS",
            "Comma-separated base64 keys of 32 bytes; the first one encrypts, all decrypt.",
        ),
        *_required(settings.ALLOWED_HOSTS, "xinglin.E006", "ALLOWED_HOSTS", "The host names readers use."),
    ]
    keys = [*settings.XINGLIN_CREDENTIAL_KEYS, settings.XINGLIN_CONSENT_KEY]
    if not all(_decodes_to_32_bytes(key) for key in keys):
        found.append(
            Error(
                "A key in XINGLIN_CREDENTIAL_KEYS or XINGLIN_CONSENT_KEY is not 32 bytes of base64.",
                hint='python -c "import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())"',
                id="xinglin.E007",
            )
        )
    cache = settings.CACHES["default"]
    if cache["BACKEND"].endswith("RedisCache") and not cache.get("LOCATION"):
        found.append(Error("REDIS_URL is not set.", hint="redis://host:6379/0", id="xinglin.E008"))
    return found
