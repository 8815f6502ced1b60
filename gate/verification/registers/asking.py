"""Asks registers of licences about a case. docs/howto/add-a-registry-check.md shows how to add one.

A register only informs: its result is shown at the desk, and a reviewer decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)

Status = Literal["found", "not_found", "differs", "unavailable"]
Verdict = Literal["same", "differs", "missing", "ended"]


@dataclass(frozen=True, slots=True)
class RegistryResult:
    """`detail`: form field → verdict. A register's own values are not part of it: they would be personal data
    in a row that is kept.
    """

    status: Status
    register: str
    checked_at: datetime
    detail: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Application:
    """The fields of a case as they were submitted: what a register is asked about."""

    licence_number: str
    full_name: str
    profession: str
    institution: str


class RegistryCheck(Protocol):
    """A class that is named in settings.XINGLIN_REGISTERS and created without arguments for each case.

    `check` may be slow, as it runs as a task, but must end by itself: set time-outs. An exception is logged
    by kind and becomes the result "unavailable".
    """

    name: str

    def check(self, application: Application) -> RegistryResult: ...


def ask_all(application: Application) -> Iterator[RegistryResult]:
    """The result of every configured register, in the order of the setting."""
    for path in settings.XINGLIN_REGISTERS:
        yield _ask(path, application)


def _ask(path: str, application: Application) -> RegistryResult:
    name = path.rpartition(".")[2]
    try:
        register: RegistryCheck = import_string(path)()
        name = register.name
        return register.check(application)
    except Exception as error:  # noqa: BLE001 - whatever a foreign system does, the case goes on
        log.warning("register_unavailable", register=path, error=type(error).__name__)
        return RegistryResult("unavailable", str(name)[:80], timezone.now())
