"""Stores the results of registers for a case."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django_tasks import task

from gate.models import OPEN_STATES, RegisterCheck, Verification
from gate.verification.registers.asking import Application, ask_all


def check_after_commit(case: Verification) -> None:
    """Ask the registers once the case is stored; the request does not wait for them."""
    if settings.XINGLIN_REGISTERS:
        pk = case.pk
        transaction.on_commit(lambda: check_registers.enqueue(pk), robust=True)


@task(queue_name="registers")
def check_registers(case_id: int) -> int:
    """Ask every register about an open case and append its results. Returns the number."""
    case = Verification.objects.filter(pk=case_id, state__in=OPEN_STATES).first()
    if case is None:
        return 0
    asked = Application(case.licence_number, case.full_name, case.profession, case.institution)
    # Asking is slow: nothing is locked meanwhile.
    rows = [
        RegisterCheck(
            verification=case,
            register=result.register[:80],
            status=result.status,
            detail=dict(result.detail),
            checked_at=result.checked_at,
        )
        for result in ask_all(asked)
    ]
    return len(RegisterCheck.objects.bulk_create(rows))


def check_again() -> int:
    """Ask again about open cases without a usable result. Returns the number.

    A register was unavailable, or none was asked: the process may have died between the commit and the task.
    """
    if not settings.XINGLIN_REGISTERS:
        return 0
    again = 0
    for case in Verification.objects.filter(state__in=OPEN_STATES):
        checks = latest_checks(case)
        if not checks or any(check.status == RegisterCheck.Status.UNAVAILABLE for check in checks):
            check_registers.enqueue(case.pk)
            again += 1
    return again


def latest_checks(case: Verification) -> list[RegisterCheck]:
    """The latest result of each register, in the order in which they were first asked."""
    latest = {check.register: check for check in case.register_checks.order_by("pk")}
    return list(latest.values())
