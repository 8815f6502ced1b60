"""Encryption of credentials and keyed hashes.

Envelope: each file has its own random data key; only that key is encrypted under a key of
settings.XINGLIN_CREDENTIAL_KEYS (base64, 32 bytes each, the first is current), so rotation re-wraps 32 bytes.

Layout: b"XLC1" | key id (8) | nonce (12) | wrapped data key (48) | nonce (12) | ciphertext with tag.
The header and the caller's `context` are authenticated: a file moved to another row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

MAGIC = b"XLC1"
KEY_BYTES = 32
KEY_ID_BYTES = 8
NONCE_BYTES = 12
WRAPPED_BYTES = KEY_BYTES + 16
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES + NONCE_BYTES + WRAPPED_BYTES


class CannotOpen(Exception):
    """The file was changed, belongs to another row, or its key is gone. The message names no content."""


def seal(data: bytes, *, context: bytes) -> bytes:
    """Encrypt `data` for the row that `context` names."""
    key_id, key = _current_key()
    data_key = AESGCM.generate_key(KEY_BYTES * 8)
    nonce = os.urandom(NONCE_BYTES)
    return (
        _wrap(data_key, key_id, key, context) + nonce + AESGCM(data_key).encrypt(nonce, data, MAGIC + context)
    )


def open_sealed(sealed: bytes, *, context: bytes) -> bytes:
    """The plain data; CannotOpen when anything does not fit."""
    data_key = _unwrap(sealed, context)
    body = sealed[HEADER_BYTES:]
    try:
        return AESGCM(data_key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], MAGIC + context)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("the content does not authenticate") from error


def rewrap(sealed: bytes, *, context: bytes) -> bytes:
    """The same file under the current key; the content is not decrypted."""
    key_id, key = _current_key()
    return _wrap(_unwrap(sealed, context), key_id, key, context) + sealed[HEADER_BYTES:]


def key_id_of(sealed: bytes) -> str:
    """Which key opens the file (hex)."""
    return sealed[len(MAGIC) : len(MAGIC) + KEY_ID_BYTES].hex()


def keyed_hash(value: str | bytes, *, purpose: str) -> str:
    """HMAC-SHA-256 (hex) under settings.XINGLIN_CONSENT_KEY: compares values without keeping them."""
    data = value.encode() if isinstance(value, str) else value
    key = settings.XINGLIN_CONSENT_KEY.encode()
    return hmac.new(key, purpose.encode() + b"\0" + data, hashlib.sha256).hexdigest()


def _wrap(data_key: bytes, key_id: bytes, key: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return MAGIC + key_id + nonce + AESGCM(key).encrypt(nonce, data_key, MAGIC + key_id + context)


def _unwrap(sealed: bytes, context: bytes) -> bytes:
    if len(sealed) <= HEADER_BYTES or not sealed.startswith(MAGIC):
        raise CannotOpen("not a sealed file")
    start = len(MAGIC)
    key_id = sealed[start : start + KEY_ID_BYTES]
    nonce = sealed[start + KEY_ID_BYTES : start + KEY_ID_BYTES + NONCE_BYTES]
    key = _keys().get(key_id)
    if key is None:
        raise CannotOpen(f"key {key_id.hex()} is not configured")
    try:
        wrapped = sealed[HEADER_BYTES - WRAPPED_BYTES : HEADER_BYTES]
        return AESGCM(key).decrypt(nonce, wrapped, MAGIC + key_id + context)
    except InvalidTag as error:
        raise CannotOpen("the header does not authenticate") from error


def _keys() -> dict[bytes, bytes]:
    keys = [base64.b64decode(text) for text in settings.XINGLIN_CREDENTIAL_KEYS]
    return {hashlib.sha256(b"xinglin credential key" + key).digest()[:KEY_ID_BYTES]: key for key in keys}


def _current_key() -> tuple[bytes, bytes]:
    return next(iter(_keys().items()))
