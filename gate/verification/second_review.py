"""Decides when one reviewer's decision is not enough, and why. Reads; the services act on it.

An approval against what we know (a register denies or has not answered yet, another account uses the same
credential) is an override: two reviewers have to want it. So does every revocation
(gate.verification.revocations). Besides, of every hundred decisions XINGLIN_SECOND_REVIEW_PERCENT are
reviewed twice. Which cases those are is fixed by the case, so that trying again changes nothing, and by the
secret key, so that it cannot be predicted.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gate.models import RegisterCheck, Verification
from gate.verification.duplicates import requests_alike

APPROVED, REJECTED = Verification.State.APPROVED, Verification.State.REJECTED
AGAINST = frozenset({RegisterCheck.Status.NOT_FOUND, RegisterCheck.Status.DIFFERS})


class Cause(StrEnum):
    """Stored in the events of a case: added, never renamed."""

    REGISTER = "register"
    NOT_ASKED = "not_asked"
    DUPLICATE = "duplicate"
    SAMPLE = "sample"
    REVOCATION = "revocation"


OVERRIDES = frozenset({Cause.REGISTER, Cause.NOT_ASKED, Cause.DUPLICATE})
WORDS: dict[Cause, str | Promise] = {
    Cause.REGISTER: _("a register does not confirm it"),
    Cause.NOT_ASKED: _("the registers have not answered yet"),
    Cause.DUPLICATE: _("another account uses the same licence number or picture"),
    Cause.SAMPLE: _("it belongs to the sample that two reviewers check"),
    Cause.REVOCATION: _("revoking an approval always takes two"),
}


def causes(case: Verification, decision: str) -> list[Cause]:
    """Why `decision` ("approved" or "rejected") on this case needs a second reviewer; empty when it does
    not.

    An appeal is already the second review of a rejection: its sample is not drawn again.
    """
    found = []
    if decision == APPROVED:
        if _register_is_against(case):
            found.append(Cause.REGISTER)
        elif waits_for_registers(case):
            found.append(Cause.NOT_ASKED)
        if requests_alike(case).exists():
            found.append(Cause.DUPLICATE)
    if not case.appealed_from_id and _in_sample(case):
        found.append(Cause.SAMPLE)
    return found


def is_seconded(case: Verification, decision: str, why: list[Cause]) -> bool:
    """Whether an open proposal, which is another reviewer's, together with this decision is enough.

    A reviewer who overturns a proposal ends a sampled case; an override still takes two who want it.
    """
    if not case.proposal:
        return False
    return case.proposal["decision"] == decision or not OVERRIDES.intersection(why)


def waits_for_registers(case: Verification) -> bool:
    """Whether registers are configured and the worker has not asked them yet. "Unavailable" is a result."""
    return bool(settings.XINGLIN_REGISTERS) and not case.register_checks.exists()


def _register_is_against(case: Verification) -> bool:
    return any_is_against(case.register_checks.order_by("pk").values_list("register", "status"))


def any_is_against(checks: Iterable[tuple[str, str]]) -> bool:
    """By the latest result of each register.

    From (register, status), oldest first. "Unavailable" replaces no earlier result.
    """
    latest = {register: status for register, status in checks if status != RegisterCheck.Status.UNAVAILABLE}
    return any(status in AGAINST for status in latest.values())


def _in_sample(case: Verification) -> bool:
    percent = settings.XINGLIN_SECOND_REVIEW_PERCENT
    if not percent:
        return False
    drawn = salted_hmac("xinglin.second-review", str(case.uuid), algorithm="sha256").digest()
    return int.from_bytes(drawn[:8], "big") % 100 < percent
