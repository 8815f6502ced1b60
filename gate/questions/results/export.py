"""Taking answers out of the system, on record."""

from __future__ import annotations

from django.db import transaction

from gate.models import AuditEvent, User
from gate.questions.results.selection import Selection
from gate.questions.results.tables import as_csv, as_xlsx

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
