"""Answers as a table for spreadsheets. Users are named by their uuid; there is no address and no name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.spreadsheets import Cell, csv_lines, xlsx_bytes
from gate.models import AuditEvent, User
from gate.questions.results.selection import Selection, questions_of


def answer_rows(selection: Selection) -> Iterator[list[Cell]]:
    """The heading, then one row for each submission."""
    versions = selection.versions()
    questions = questions_of(versions)
    kinds = {version.pk: {(item["key"], item["kind"]) for item in version.questions} for version in versions}
    heading = [_("Answered by"), _("Zone"), _("Version"), _("Answered at")]
    yield [*heading, *(question["text"] for question in questions)]
    rows = selection.answer_sets().select_related("user", "zone", "version")
    for row in rows.iterator():
        when = timezone.localtime(row.submitted_at).isoformat(timespec="seconds")
        had = kinds.get(row.version_id, set())
        given = [
            _cell(row.answers.get(item["key"])) if (item["key"], item["kind"]) in had else None
            for item in questions
        ]
        yield [str(row.user.uuid), row.zone.slug, row.version.number, when, *given]


def as_csv(selection: Selection) -> bytes:
    """With a byte order mark, so that spreadsheets read Chinese as UTF-8."""
    return b"".join(csv_lines(answer_rows(selection)))


def as_xlsx(selection: Selection) -> bytes:
    """One sheet."""
    return xlsx_bytes(answer_rows(selection), title=_("Answers"))


def _cell(value: Any) -> Cell:
    given: Cell = "; ".join(value) if isinstance(value, list) else value
    return given


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}


@transaction.atomic
def export_answers(*, selection: Selection, form: str, by: User) -> bytes:
    """The file; `form` is csv or xlsx. The audit row and the file are of the same moment.

    `selection` holds only zones that `by` may see (gate.questions.results.access).
    """
    content = FORMATS[form](selection)
    AuditEvent.record(
        AuditEvent.Action.ANSWERS_EXPORTED,
        actor=by,
        target=selection.questionnaire,
        format=form,
        zones=sorted(selection.zone_ids),
        version=selection.version.number if selection.version else None,
        rows=selection.answer_sets().count(),
    )
    return content
