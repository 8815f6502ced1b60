"""Results of registers for a case, as lines for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from gate.admin.desk.checks import Check, Tone
from gate.admin.desk.labels import label_of
from gate.models import DESK_STATES, RegisterCheck, Verification
from gate.verification.registers.checks import latest_checks
from gate.verification.second_review import waits_for_registers

register = template.Library()
Status = RegisterCheck.Status
TONES = {
    Status.FOUND: Tone.GOOD,
    Status.DIFFERS: Tone.BAD,
    Status.NOT_FOUND: Tone.NOTICE,
    Status.UNAVAILABLE: Tone.PLAIN,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One register: its latest result and its verdicts on single fields."""

    register: str
    at: datetime
    result: Check
    fields: list[Check]


@register.simple_tag
def register_findings(case: Verification) -> list[Finding]:
    """One query; empty where no register was asked."""
    return [
        Finding(
            check.register,
            check.checked_at,
            Check(TONES[Status(check.status)], str(check.get_status_display())),
            [_line(name, verdict) for name, verdict in check.detail.items()],
        )
        for check in latest_checks(case)
    ]


@register.simple_tag
def register_wait(case: Verification) -> Check | None:
    """The line in the place of findings while the worker has not asked the registers about an open case."""
    if case.state not in DESK_STATES or not waits_for_registers(case):
        return None
    return Check(Tone.NOTICE, _("Not asked yet. Approving now takes a second reviewer."))


def _line(name: str, verdict: str) -> Check:
    said = {"field": label_of(name)}
    match verdict:
        case "same":
            return Check(Tone.GOOD, _("%(field)s: agrees") % said)
        case "ended":
            return Check(Tone.BAD, _("%(field)s: no longer valid according to the register") % said)
        case "missing":
            return Check(Tone.PLAIN, _("%(field)s: not given in the register") % said)
        case _:
            return Check(Tone.BAD, _("%(field)s: differs from the register") % said)
