"""The columns of the queue. Each renders values of its row: no column queries the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import BaseColumn, Column, Table

from gate.admin.desk.waiting import Waiting
from gate.models import DESK_STATES, User, Verification
from gate.people.reviewing import barred, claimed_by_another

# A licence number identifies its holder: the queue shows enough of it to find the case, no more.
LICENCE_DIGITS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Flag:
    """A word on a case; `tone` is plain, good, notice or warning."""

    text: str
    tone: str = "plain"


def waiting_of(case: Verification) -> Waiting | None:
    """How long it has waited for a reviewer: until now, its decision, or the question; None for a draft."""
    if case.revocation_proposed:
        return Waiting(datetime.fromisoformat(case.proposal["at"]), timezone.now())
    if case.waits_since is None:
        return None
    asked_at = case.claimed_at if case.state == Verification.State.NEEDS_ANSWER else None
    return Waiting(case.waits_since, case.decided_at or asked_at or timezone.now())


def tone_of(case: Verification, waiting: Waiting | None) -> str:
    """The suffix of the waiting time's CSS class."""
    if waiting is None or not (case.state in DESK_STATES or case.revocation_proposed):
        return "done"
    return waiting.urgency.value


def flags_of(case: Verification, *, possible_duplicate: bool, viewer: User) -> list[Flag]:
    """State, reviewer, history, possible duplicate: what a reviewer chooses a case by."""
    flags = []
    if case.state == Verification.State.IN_REVIEW and case.reviewer_id == viewer.pk:
        flags.append(Flag(_("with you")))
    elif claimed_by_another(viewer, case):
        flags.append(Flag(_("with %(name)s") % {"name": case.reviewer}))
    elif case.state not in DESK_STATES:
        tone = {Verification.State.APPROVED: "good", Verification.State.REJECTED: "warning"}.get(
            Verification.State(case.state), "plain"
        )
        flags.append(Flag(case.get_state_display(), tone))
    if case.revocation_proposed:
        flags.append(Flag(_("revocation proposed"), "warning"))
    elif case.proposal:
        flags.append(Flag(_("second pair of eyes"), "notice"))
    if case.appealed_from_id:
        flags.append(Flag(_("appeal"), "notice"))
    if case.replaces_id:
        flags.append(Flag(_("change") if case.is_change else _("renewal"), "notice"))
    if case.previous_id:
        flags.append(Flag(_("resubmitted"), "notice"))
    if possible_duplicate:
        flags.append(Flag(_("possible duplicate"), "warning"))
    return flags


def licence_suffix(case: Verification) -> str:
    """The last digits, "…0042"; empty without a number."""
    number = case.licence_number
    return f"…{number[-LICENCE_DIGITS_SHOWN:]}" if number else ""


class ChooseColumn(BaseColumn):
    """A box for the form "desk-bulk", in rows that this reviewer could take."""

    cell_template_name = "gate/desk/columns/choose.html"
    header_template_name = "gate/desk/columns/choose_header.html"

    def get_cell_context_data(self, instance: Verification, parent_context: dict[str, Any]) -> dict[str, Any]:
        viewer = parent_context["request"].user
        waits = instance.state in DESK_STATES
        free = waits and not claimed_by_another(viewer, instance) and not barred(viewer, instance)
        mine = instance.state == Verification.State.IN_REVIEW and instance.reviewer_id == viewer.pk
        return super().get_cell_context_data(instance, parent_context) | {"takeable": free and not mine}


class WaitingColumn(Column):
    """The waiting time, in the largest type of the row."""

    cell_template_name = "gate/desk/columns/waiting.html"

    def get_value(self, instance: Verification) -> str:
        return str(waiting_of(instance) or "")

    def get_cell_context_data(self, instance: Verification, parent_context: dict[str, Any]) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"tone": tone_of(instance, waiting_of(instance))}


class StackedColumn(Column):
    """A value and a smaller one below it; `below` takes the case and returns the second."""

    cell_template_name = "gate/desk/columns/stacked.html"

    def __init__(self, *args: Any, below: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.below = below

    def get_cell_context_data(self, instance: Verification, parent_context: dict[str, Any]) -> dict[str, Any]:
        return super().get_cell_context_data(instance, parent_context) | {"below": self.below(instance)}


class FlagsColumn(BaseColumn):
    """Needs `possible_duplicate` on the row (see gate.admin.desk.cases)."""

    cell_template_name = "gate/desk/columns/flags.html"

    def get_cell_context_data(self, instance: Any, parent_context: dict[str, Any]) -> dict[str, Any]:
        viewer = parent_context["request"].user
        flags = flags_of(instance, possible_duplicate=instance.possible_duplicate, viewer=viewer)
        return super().get_cell_context_data(instance, parent_context) | {"flags": flags}


class QueueTable(Table):
    """Rows carry how long they waited, for the mark at their edge."""

    def get_row_classname(self, instance: Verification) -> str:
        return f"desk-row--{tone_of(instance, waiting_of(instance))}"
