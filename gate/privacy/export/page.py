"""The readable form of the document: the same data with labels instead of codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from gate.models import Verification
from gate.models.verifications import Profession
from gate.privacy.retention import terms


def readable(data: dict[str, Any]) -> dict[str, Any]:
    """The template's `data`: moments in the reader's format, and a label beside each code."""
    shown: dict[str, Any] = _with_dates(data)
    decisions = {
        "agreed": _("Agreed"),
        "refused": _("Refused"),
        "skipped": _("Declined"),
        "withdrawn": _("Withdrawn"),
    }
    actors = {"you": _("yourself"), "staff": _("staff"), "system": _("the system")}
    states, professions = dict(Verification.State.choices), dict(Profession.choices)
    for consent in shown["consents"]:
        consent["decision_label"] = decisions.get(consent["decision"], consent["decision"])
    for answers in shown["answers"]:
        for item in answers["answers"]:
            value = item["answer"]
            item["shown"] = "、".join(map(str, value)) if isinstance(value, list) else value
    for case in shown["verifications"]:
        case["state_label"] = states.get(case["state"], case["state"])
        for message in case["messages"]:
            message["by_label"] = actors[message["by"]]
        case["profession_label"] = professions.get(case["profession"], case["profession"])
    for access in shown["accesses"]:
        access["by_label"] = actors[access["by"]]
    shown["retention"] = terms()
    return shown


def _with_dates(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_dates(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_dates(inner) for inner in value]
    if isinstance(value, str) and (key.endswith("_at") or key in ("at", "since")) and "T" in value:
        local = timezone.localtime(datetime.fromisoformat(value))
        return f"{formats.date_format(local, 'DATE_FORMAT')} {local:%H:%M}"
    return value
