"""The cases that a reviewer skipped in this session, so that "next" does not return to them at once."""

from __future__ import annotations

from django.http import HttpRequest

from gate.models import Verification

SESSION_KEY = "gate_desk_skipped"


def skipped(request: HttpRequest) -> list[str]:
    """Their uuids, the first one first."""
    return list(request.session.get(SESSION_KEY, []))


def skip(request: HttpRequest, case: Verification) -> None:
    """Put the case behind all others until the reviewer looks at the queue again."""
    request.session[SESSION_KEY] = [
        *(uuid for uuid in skipped(request) if uuid != str(case.uuid)),
        str(case.uuid),
    ]


def forget_skipped(request: HttpRequest) -> None:
    """From now on the longest waiting case is the next one again."""
    request.session.pop(SESSION_KEY, None)
