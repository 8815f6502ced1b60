"""Signing what leaves the house and comes back: Ed25519 over canonical JSON. Pure but for the key.

The key is derived from settings.XINGLIN_CONSENT_KEY, so there is no further secret to keep. The public half
is in every signature and at the API, so that a receipt can be checked without asking us.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

Verdict = Literal["genuine", "altered", "unknown_key", "not_a_receipt"]
MEMBERS = frozenset({"algorithm", "key_id", "public_key", "value"})


def canonical(data: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: JSON with sorted keys, no spaces, no escapes for Chinese, UTF-8."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def signed(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with its `signature` {"algorithm", "key_id", "public_key", "value"}; the last two base64."""
    value = base64.b64encode(_key().sign(canonical(data))).decode()
    own = {"algorithm": "Ed25519", "key_id": key_id(), "public_key": public_key(), "value": value}
    return {**data, "signature": own}


def check(document: Mapping[str, Any]) -> Verdict:
    """Whether we signed exactly this. The key is ours, never the one that the document brings along."""
    signature = document.get("signature")
    if not isinstance(signature, dict) or set(signature) != MEMBERS:
        return "not_a_receipt"
    if signature["algorithm"] != "Ed25519" or signature["key_id"] != key_id():
        return "unknown_key"
    rest = {name: value for name, value in document.items() if name != "signature"}
    try:
        _key().public_key().verify(base64.b64decode(signature["value"], validate=True), canonical(rest))
    except (InvalidSignature, ValueError, TypeError, RecursionError):
        return "altered"
    return "genuine" if signature["public_key"] == public_key() else "altered"


def public_key() -> str:
    """The 32 bytes that check our signatures, base64."""
    return base64.b64encode(_public_bytes()).decode()


def key_id() -> str:
    """Which key signed: the start of the SHA-256 of its public half."""
    return hashlib.sha256(_public_bytes()).hexdigest()[:16]


def _public_bytes() -> bytes:
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key() -> Ed25519PrivateKey:
    secret = settings.XINGLIN_CONSENT_KEY.encode()
    derived = HKDF(SHA256(), 32, salt=None, info=b"xinglin consent receipts, Ed25519, 1").derive(secret)
    return Ed25519PrivateKey.from_private_bytes(derived)
