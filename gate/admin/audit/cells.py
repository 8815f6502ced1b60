"""Values of the audit log for a cell of the screen or of a spreadsheet."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from gate.admin.desk.history import WORDS
from gate.models import AuditEvent

KINDS = {
    "zone": _("zone"),
    "credential": _("credential"),
    "verification": _("verification"),
    "user": _("account"),
    "agreementversion": _("agreement version"),
    "questionnaireversion": _("questionnaire version"),
    "questionnaire": _("questionnaire"),
    "auditevent": _("audit log"),
}


def what_was_done(event: AuditEvent) -> str:
    """The action, and for work on a verification what kind of work."""
    act = WORDS.get(event.detail.get("act", "")) if event.action == AuditEvent.Action.CASE_CHANGED else None
    return f"{event.action_label}: {act}" if act else event.action_label


def object_label(target: str) -> str:
    """ "credential:12" as "凭证 12"; what is not known stays as it is."""
    kind, _colon, number = target.partition(":")
    return f"{KINDS[kind]} {number}".strip() if kind in KINDS else target


def as_text(value: Any) -> str:
    """What a row holds besides words, as JSON."""
    return json.dumps(value, ensure_ascii=False) if value else ""
