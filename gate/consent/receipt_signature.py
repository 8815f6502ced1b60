"""Signs receipts and checks them: JSON Web Signatures (RFC 7515) with Ed25519.

A receipt carries its signature as a flattened JWS whose payload is the receipt itself, as canonical JSON:
any library that knows JWS can check it, with the key set at `/api/v1/consent-receipts/verify`. The key is
derived from settings.XINGLIN_CONSENT_KEY, so there is no further secret to keep. Receipts given out until
November 2026 carry the bare Ed25519 value over the same bytes; they stay valid.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

Verdict = Literal["genuine", "altered", "unknown_key", "not_a_receipt"]
ALGORITHM = "Ed25519"  # RFC 9864
# So that a signature of ours over something else can never pass for a receipt.
TYPE = "consent-receipt+jws"
MEMBERS = frozenset({"protected", "payload", "signature"})
MEMBERS_BEFORE_JWS = frozenset({"algorithm", "key_id", "public_key", "value"})


def canonical(data: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: JSON with sorted keys, no spaces, no escapes for Chinese, UTF-8."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def signed(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with its `signature`: the flattened JWS {"protected", "payload", "signature"} over it."""
    header = {"protected": {"alg": ALGORITHM, "kid": key_id(), "typ": TYPE}}
    made = jws.serialize_json(cast(jws.HeaderDict, header), canonical(data), _jwk(), algorithms=[ALGORITHM])
    return {**data, "signature": dict(made)}


def check(document: Mapping[str, Any]) -> Verdict:
    """Whether we signed exactly this. The key is ours, never one that the document brings along."""
    signature = document.get("signature")
    if not isinstance(signature, dict):
        return "not_a_receipt"
    rest = {name: value for name, value in document.items() if name != "signature"}
    if set(signature) == MEMBERS:
        return _check_jws(signature, rest)
    if set(signature) == MEMBERS_BEFORE_JWS:
        return _check_before_jws(signature, rest)
    return "not_a_receipt"


def key_set() -> dict[str, Any]:
    """The JSON Web Key Set (RFC 7517) that checks our receipts."""
    public = _jwk().as_dict(private=False)
    return {"keys": [{**public, "kid": key_id(), "alg": ALGORITHM, "use": "sig"}]}


def key_id() -> str:
    """Which key signed: its thumbprint (RFC 7638)."""
    return _jwk().thumbprint()


def _check_jws(signature: dict[str, Any], rest: dict[str, Any]) -> Verdict:
    try:
        header = json.loads(base64.urlsafe_b64decode(signature["protected"] + "=="))
        if header.get("alg") != ALGORITHM or header.get("kid") != key_id():
            return "unknown_key"
        flat = cast(jws.FlattenedJSONSerialization, signature)
        payload = jws.deserialize_json(flat, _jwk(), algorithms=[ALGORITHM]).payload
        same = payload == canonical(rest) and header.get("typ") == TYPE
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
        return "altered"
    return "genuine" if same else "altered"


def _check_before_jws(signature: dict[str, Any], rest: dict[str, Any]) -> Verdict:
    """The form of receipts until November 2026: base64 of the bare signature."""
    public = _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    own = hashlib.sha256(public).hexdigest()[:16]
    if signature["algorithm"] != "Ed25519" or signature["key_id"] != own:
        return "unknown_key"
    try:
        _key().public_key().verify(base64.b64decode(signature["value"], validate=True), canonical(rest))
    except (InvalidSignature, ValueError, TypeError, RecursionError):
        return "altered"
    return "genuine" if signature["public_key"] == base64.b64encode(public).decode() else "altered"


def _jwk() -> OKPKey:
    return OKPKey.import_key(_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _key() -> Ed25519PrivateKey:
    secret = settings.XINGLIN_CONSENT_KEY.encode()
    derived = HKDF(SHA256(), 32, salt=None, info=b"xinglin consent receipts, Ed25519, 1").derive(secret)
    return Ed25519PrivateKey.from_private_bytes(derived)
