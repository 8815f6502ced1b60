"""Counts the reasons of rejections. What reviewers wrote in their own words is counted, never shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from gate.admin.desk.figures import Scope
from gate.admin.desk.labels import label_of
from gate.admin.desk.reasons import CANNED_REASONS, OTHER, REASON_BY_CODE
from gate.models import Verification
from gate.verification.form import FILES_FIELD

ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Rejections:
    """(label, number of rejections) by reason and by field, the most frequent first.

    One rejection may have several reasons and concern several fields; it counts once for each.
    """

    total: int
    reasons: tuple[tuple[str, int], ...]
    fields: tuple[tuple[str, int], ...]


def rejections(scope: Scope) -> Rejections:
    """Of the cases that were rejected in the period and still are. One query."""
    rows = Verification.objects.filter(scope.within("decided_at"), state=Verification.State.REJECTED)
    texts = _codes_by_text()
    reasons: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    total = 0
    for reason, notes in rows.order_by().values_list("reason", "field_reasons"):
        total += 1
        reasons.update(_codes(reason, notes, texts))
        fields.update(notes.keys())
    return Rejections(
        total,
        tuple((_reason_label(code), n) for code, n in reasons.most_common()),
        tuple((_field_label(name), n) for name, n in fields.most_common()),
    )


def _codes(reason: str, notes: dict[str, Any], texts: dict[str, str]) -> set[str]:
    """The canned reasons in the text; OTHER for any other text, as the reason or beside a field.

    The canned sentence is the first line of the reason; what follows explains it. Rejecting takes a reason:
    there is none only where it was erased with the account.
    """
    if not reason:
        return {ERASED}
    first = reason.split("\n", 1)[0].strip()
    return {texts.get(words, OTHER) for words in (first, *map(str, notes.values()))}


def _codes_by_text() -> dict[str, str]:
    """The canned sentences in every language."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(reason.text): reason.code for reason in CANNED_REASONS}
    return found


def _reason_label(code: str) -> str:
    match code:
        case "erased":
            return _("Erased with the account")
        case "other":
            return _("In the reviewer's own words")
    return str(REASON_BY_CODE[code].text)


def _field_label(name: str) -> str:
    return _("credentials") if name == FILES_FIELD else label_of(name)
