"""System check of the retention terms: id `gate.E001`, with a hint. Connected in gate.apps."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from gate.privacy.retention import AUDIT_FLOOR_DAYS, RULES


def check_retention(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every name is a rule's, no term is negative, and the audit log is kept for as long as it must be."""
    known = {rule.key for rule in RULES if rule.days is not None}
    found: list[CheckMessage] = []
    for key, days in settings.XINGLIN_RETENTION_DAYS.items():
        if key not in known:
            found.append(
                _error(f"XINGLIN_RETENTION_DAYS names “{key}”, which is no rule.", ", ".join(sorted(known)))
            )
        elif days < 0:
            found.append(
                _error(f"XINGLIN_RETENTION_DAYS: “{key}” is negative.", "0 deletes with the next run.")
            )
        elif key == "audit" and days < AUDIT_FLOOR_DAYS:
            hint = f"The database lets go of no row younger than {AUDIT_FLOOR_DAYS} days."
            found.append(_error("XINGLIN_RETENTION_DAYS: “audit” is too short.", hint))
    if settings.XINGLIN_ERASURE_GRACE_DAYS < 0:
        found.append(_error("XINGLIN_ERASURE_GRACE_DAYS is negative.", "0 erases with the next daily run."))
    return found


def _error(message: str, hint: str) -> Error:
    return Error(message, hint=hint, id="gate.E001")
