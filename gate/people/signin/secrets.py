"""Seals the secrets of second factors under the keys of settings.XINGLIN_CREDENTIAL_KEYS.

A copy of the database alone gives no codes. MFA_ADAPTER; `manage.py rotate_credential_keys` wraps them
again.
"""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from cms.site_profile import named_site
from gate.sealing import key_id_of, open_sealed, rewrap, seal

PREFIX = "sealed:"
CONTEXT = b"second factor"
FIELDS = ("secret", "seed")  # of an authenticator app, of recovery codes


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals allauth's data of an authenticator; the app shows the site's own name."""

    def get_totp_issuer(self) -> str:
        """As the admin's site settings name it."""
        return named_site().name

    def encrypt(self, text: str) -> str:
        """The text for the database."""
        return _as_text(seal(text.encode(), context=CONTEXT))

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; CannotOpen when its key is gone. A value that was stored unsealed is returned as is."""
        if not encrypted_text.startswith(PREFIX):
            return encrypted_text
        return open_sealed(_as_bytes(encrypted_text), context=CONTEXT).decode()


@transaction.atomic
def rotate(*, authenticator_id: int) -> bool:
    """Wrap an authenticator's secret under the current key; False when it is already. CannotOpen."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator_id)
    changed = False
    for name in FIELDS:
        old = row.data.get(name, "")
        if old.startswith(PREFIX):
            new = rewrap(_as_bytes(old), context=CONTEXT)
            if key_id_of(new) != key_id_of(_as_bytes(old)):
                row.data[name] = _as_text(new)
                changed = True
    if changed:
        row.save(update_fields=["data"])
    return changed


def _as_text(sealed: bytes) -> str:
    return PREFIX + base64.b64encode(sealed).decode()


def _as_bytes(text: str) -> bytes:
    return base64.b64decode(text.removeprefix(PREFIX))
