"""The data for the page of one case, in a number of queries that does not grow with its history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gate.admin.desk import checks
from gate.admin.desk.cases import next_for
from gate.admin.desk.checks import Check
from gate.admin.desk.columns import flags_of, tone_of, waiting_of
from gate.admin.desk.comparison import Comparison, comparisons_of
from gate.admin.desk.history import history_of
from gate.admin.desk.labels import label_of
from gate.admin.desk.standing import standing_of
from gate.admin.desk.waiting import Waiting
from gate.admin.people.reader_standing import reader_url
from gate.errors import LookRequired
from gate.models import DESK_STATES, User, Verification
from gate.people.reviewing import reviewable_cases
from gate.verification.files.looks import numbered_files, pending_look, unseen_files
from gate.verification.form import FILES_FIELD
from gate.verification.second_review import WORDS as CAUSES
from gate.verification.second_review import Cause
from gate.verification.status import INPUT_FIELDS

UPCOMING_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the case: the statement, the last reviewer's reason, the checks.

    `before`: the statement of the approval in force, where this case changes it.
    """

    label: str
    value: str
    said: str = ""
    checks: list[Check] = field(default_factory=list)
    code: bool = False
    before: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """One credential: `number` counts from 1, `view_url` is set for the one being shown."""

    number: int
    reveal_url: str
    view_url: str = ""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One of the next cases, in the left column."""

    case: Verification
    waiting: Waiting | None
    url: str


def case_context(
    case: Verification, viewer: User, *, look: int | None, skipped: Collection[str]
) -> dict[str, Any]:
    """The template's variables. `look`: id of the look that the address asks to show; `skipped`: uuids."""
    requests = list(reviewable_cases(viewer).filter(user=case.user_id).order_by("-pk"))
    comparisons = comparisons_of(case, viewer)
    waiting = waiting_of(case)
    files = _files(case, viewer, look)
    # The picture that comes with this page counts as seen with it; the services check again.
    shown = next((file for file in files if file.view_url), None)
    unseen = [number for number in unseen_files(case, viewer) if shown is None or number != shown.number]
    return {
        "case": case,
        "access_url": reader_url(case.user, viewer),
        "flags": flags_of(case, possible_duplicate=bool(comparisons), viewer=viewer),
        "waiting": waiting,
        "waiting_tone": tone_of(case, waiting),
        "is_open": case.state in DESK_STATES,
        "lines": _lines(case, comparisons),
        "comparisons": comparisons,
        "messages_on_case": list(case.messages.select_related("author", "to").order_by("-pk")),
        "proposal": _proposal(case),
        "files": files,
        "shown": shown,
        "unseen": unseen,
        "must_look": str(LookRequired(unseen)) if unseen or not files else "",
        "upcoming": _upcoming(case, viewer, skipped),
        "history": history_of(case, requests),
        "last_event": case.events.order_by("-pk").values_list("pk", flat=True).first() or 0,
    } | asdict(standing_of(case, viewer))


def _proposal(case: Verification) -> dict[str, Any] | None:
    """The first reviewer's proposal and why a second review is required; None when nothing is proposed."""
    if not case.proposal:
        return None
    return {
        "by": case.proposed_by,
        "decision": case.proposal["decision"],
        "reason": case.proposal.get("reason", ""),
        "causes": [str(CAUSES[Cause(cause)]) for cause in case.proposal["causes"]],
    }


def _lines(case: Verification, comparisons: list[Comparison]) -> list[Line]:
    said = case.previous.field_reasons if case.previous else {}
    approved_there = (
        Verification.objects.filter(institution=case.institution, state=Verification.State.APPROVED)
        .exclude(user=case.user_id)
        .count()
    )
    same_number = [found.alike.case for found in comparisons if found.alike.same_number]
    openable = {found.alike.case.pk for found in comparisons if found.url}
    found: dict[str, list[Check]] = {
        "full_name": [checks.name(case)],
        "licence_number": [*checks.licence_format(case), *checks.duplicates(case, same_number, openable)],
        "institution": [checks.institution(approved_there)],
    }
    lines = [
        Line(
            label=label_of(name),
            value=_stated(case, name),
            said=said.get(name, ""),
            checks=found.get(name, []),
            code=name == "licence_number",
            before=_before(case, name),
        )
        for name in INPUT_FIELDS
    ]
    account = Line(label=_("Account"), value=case.user.email)
    pictures = [Line(label=_("credentials"), value="", said=said[FILES_FIELD])] if FILES_FIELD in said else []
    return [*lines, account, *pictures]


def _stated(case: Verification, name: str) -> str:
    return str(case.get_profession_display() if name == "profession" else getattr(case, name))


def _before(case: Verification, name: str) -> str | None:
    """The statement of the approval that this case would replace, where it differs."""
    old = case.replaces
    if old is None or getattr(old, name) == getattr(case, name):
        return None
    return _stated(old, name)


def _files(case: Verification, viewer: User, look: int | None) -> list[File]:
    shown = pending_look(look=look, case=case, reviewer=viewer) if look is not None else None
    files = []
    for number, row in numbered_files(case):
        address = [case.uuid, row.uuid]
        view_url = reverse("gate_desk:look", args=[*address, look]) if row == shown else ""
        files.append(File(number, reverse("gate_desk:reveal", args=address), view_url))
    return files


def _upcoming(case: Verification, viewer: User, skipped: Collection[str]) -> list[Upcoming]:
    rows = next_for(viewer, besides=case, skipped=skipped)[:UPCOMING_SHOWN]
    return [Upcoming(row, waiting_of(row), reverse("gate_desk:case", args=[row.uuid])) for row in rows]
