"""Second factors of test users, by allauth's own code: the one module of tests with its internal names."""

from __future__ import annotations

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

__all__ = ["TOTP", "RecoveryCodes", "format_hotp_value", "hotp_value", "yield_hotp_counters_from_time"]
