"""Formats the audit log: rows of a spreadsheet, and values for a cell of the screen."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gate import sealing
from gate.audit.record import ACTS
from gate.models import AuditEvent, User

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


HEADINGS = {
    "at": _("When"),
    "who": _("Who"),
    "who_code": _("Code"),
    "action": _("Action code"),
    "what": _("What"),
    "whom": _("Whom"),
    "target": _("Object"),
    "reason": _("Reason"),
    "detail": _("Details"),
}
CODE_LENGTH = 8


def what_was_done(event: AuditEvent) -> str:
    """The action, and for casework its kind."""
    act = ACTS.get(event.detail.get("act", "")) if event.action == AuditEvent.Action.CASE_CHANGED else None
    return f"{event.action_label}: {act}" if act else event.action_label


def object_label(target: str) -> str:
    """As "凭证 12" for "credential:12"; an unknown object stays as it is."""
    kind, _colon, number = target.partition(":")
    return f"{KINDS[kind]} {number}".strip() if kind in KINDS else target


def as_text(value: Any) -> str:
    """The row's other values as JSON."""
    return json.dumps(value, ensure_ascii=False) if value else ""


def staff_code(actor: User) -> str:
    """The code under which readers know a member of staff; the audit log shows it beside the name."""
    return sealing.keyed_hash(str(actor.uuid), purpose="staff code")[:CODE_LENGTH]


def row_of(event: AuditEvent) -> dict[str, Any]:
    """The cells of the export, by the keys of HEADINGS."""
    return {
        "at": timezone.localtime(event.at).isoformat(timespec="seconds"),
        "who": str(event.actor or ""),
        "who_code": staff_code(event.actor) if event.actor is not None else "",
        "action": event.action,
        "what": what_was_done(event),
        "whom": str(event.subject or ""),
        "target": event.target,
        "reason": event.reason,
        "detail": as_text(event.detail),
    }
