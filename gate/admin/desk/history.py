"""The history of an applicant's cases, newest first: decisions, claims, every look at a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gate.admin.desk.checks import Tone
from gate.audit.record import ACTS
from gate.models import AuditEvent, Verification, VerificationEvent

# An applicant who resubmits for ever must not make the page slow; older entries stay in the audit log.
ENTRIES_SHOWN = 60

OUTCOMES: dict[tuple[str, str], str | Promise] = {
    ("proposal", "confirmed"): gettext_lazy("as the first reviewer proposed"),
    ("proposal", "overturned"): gettext_lazy("other than the first reviewer proposed"),
    ("appeal", "upheld"): gettext_lazy("the earlier rejection stands"),
    ("appeal", "overturned"): gettext_lazy("the earlier rejection was lifted"),
}
TONES = {"approved": Tone.GOOD, "rejected": Tone.BAD, "revoked": Tone.BAD}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; `url` opens the earlier case it belongs to, empty for the case on the screen."""

    at: datetime
    text: str
    who: str
    reason: str = ""
    url: str = ""
    tone: str = Tone.PLAIN


def history_of(case: Verification, requests: list[Verification]) -> list[Entry]:
    """`requests` are the applicant's cases that this reviewer may see, the current one among them.

    Two queries.
    """
    by_pk = {request.pk: request for request in requests}
    events = VerificationEvent.objects.filter(verification__in=by_pk).select_related("actor").order_by("-pk")
    looks = AuditEvent.objects.filter(action=AuditEvent.Action.CREDENTIAL_VIEWED, subject=case.user_id)
    entries = [_of_event(event, by_pk[event.verification_id], case) for event in events[:ENTRIES_SHOWN]]
    entries += [
        Entry(at=look.at, text=_("Looked at a credential"), who=str(look.actor or ""))
        for look in looks.select_related("actor").order_by("-pk")[:ENTRIES_SHOWN]
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:ENTRIES_SHOWN]


def _of_event(event: VerificationEvent, request: Verification, shown: Verification) -> Entry:
    decided = event.to_state in (Verification.State.REJECTED, Verification.State.REVOKED)
    return Entry(
        at=event.at,
        text=_words_of(event),
        who=str(event.actor) if event.actor_id and event.actor_id != shown.user_id else "",
        # An appeal gives the case another reason; the earlier one is among the messages.
        reason=request.reason if decided and event.to_state == request.state else "",
        url="" if request.pk == shown.pk else reverse("gate_desk:case", args=[request.uuid]),
        tone=TONES.get(event.action, Tone.PLAIN),
    )


def _words_of(event: VerificationEvent) -> str:
    """The event in words, with its meaning where a second review or an appeal is concerned."""
    if event.action == "proposed":
        approving = event.detail.get("decision") == Verification.State.APPROVED
        return _("Approval proposed") if approving else _("Rejection proposed")
    text = str(ACTS.get(event.action, event.action))
    further = [
        str(OUTCOMES[name, event.detail[name]]) for name in ("proposal", "appeal") if name in event.detail
    ]
    return " · ".join([text, *further])
