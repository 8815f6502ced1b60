"""Secrets of a single-machine installation, generated once and stored in `var/secrets.json`.

Production passes its secrets in the environment and does not use this module.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def _key32() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _rsa_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def generate() -> dict[str, str]:
    """Fresh `secret_key`, `credential_key`, `consent_key` (base64, 32 bytes), `oidc_private_key` (PEM)."""
    return {
        "secret_key": secrets.token_urlsafe(50),
        "credential_key": _key32(),
        "consent_key": _key32(),
        "oidc_private_key": _rsa_pem(),
    }


def load_or_create(folder: Path) -> dict[str, str]:
    """The secrets in `folder`, generated on first use. Processes that start together use the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secrets.json"
    if not path.exists():
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".secrets-")  # readable by its owner only
        os.close(descriptor)
        draft = Path(name)
        draft.write_text(json.dumps(generate()))
        try:
            os.link(draft, path)  # atomic, and never overwrites the file of the process that was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return dict(json.loads(path.read_text()))
