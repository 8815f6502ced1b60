"""The retention rules: the one table that the daily work carries out and that users are shown.

Days can be changed by XINGLIN_RETENTION_DAYS ("credential_files=14;answers=365"); manage.py check refuses
names that are not here and an audit log shorter than its floor, which the database enforces too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gate.privacy import due

# Also fixed in the database: gate/migrations/0005_privacy.py.
AUDIT_FLOOR_DAYS = 1095
BATCH = 200

Due = Callable[[datetime], tuple[QuerySet[Any], ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` is the default; None: kept for as long as the law requires, no day is set.

    `rows(before)` returns the rows whose time was over before that moment; `act` takes a batch of their keys
    in one transaction. `since` names the start of the count for users; `of_reader`: about readers' data.
    """

    key: str
    what: str | Promise
    since: str | Promise
    days: int | None
    rows: Due = due.nothing
    act: Callable[[type[Any], list[Any]], None] = due.delete
    of_reader: bool = True

    @property
    def term(self) -> int | None:
        """The days in force here."""
        return settings.XINGLIN_RETENTION_DAYS.get(self.key, self.days) if self.days is not None else None


RULES: tuple[Rule, ...] = (
    Rule(
        "credential_files", _("pictures of credentials"), _("after the decision on the verification"),
        30, due.credential_files, due.delete_files,
    ),
    Rule(
        "old_requests", _("name, licence number and institution in verifications that were rejected, "
        "revoked or have expired"), _("after that"), 365, due.old_requests, due.clear_requests,
    ),
    Rule("replaced_answers", _("answers that newer ones replaced"), _("after the newer ones"), 90,
         due.replaced_answers),
    Rule("answers", _("answers"), _("after they were given, unless you can read the zone"), 1095,
         due.answers),
    Rule("admissions", _("admissions to zones"), _("after they ended"), 365, due.admissions),
    Rule("grants", _("rights given by staff"), _("after they ended"), 365, due.grants),
    Rule("sign_in_attempts", _("failed attempts to sign in"), _("after the attempt"), 30,
         due.sign_in_attempts),
    Rule("unconfirmed_accounts", _("accounts whose address was never confirmed"), _("after registering"), 30,
         due.unconfirmed_accounts, due.discard_accounts, of_reader=False),
    Rule("sessions", _("sign-ins on your devices"), _("after they ended"), 0, due.sessions),
    Rule("tokens", _("access of other applications"), _("after it ended"), 0, due.tokens),
    Rule("task_results", _("notes of background work, which hold numbers only"), _("after the work"), 7,
         due.task_results, of_reader=False),
    Rule("audit", _("the log of who looked at which data"), _("after the entry"), AUDIT_FLOOR_DAYS,
         due.audit, due.delete_evidence),
    Rule("consents", _("what you agreed to, refused or withdrew"),
         _("kept as evidence, without your name once your account is erased"), None),
    Rule("decisions", _("that a verification was decided, when and by whom"),
         _("kept as evidence, without your name once your account is erased"), None),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One rule as users read it. `days` None: no day is set; `sentence` states the whole rule."""

    key: str
    what: str
    days: int | None
    since: str
    sentence: str


def terms(*, of_readers: bool = True) -> list[Term]:
    """The rules in the active language; those about readers' data, or all."""
    return [_term(rule) for rule in RULES if rule.of_reader or not of_readers]


def _term(rule: Rule) -> Term:
    days, since = rule.term, str(rule.since)
    if days is None:
        sentence = since
    elif days == 0:
        sentence = _("deleted within a day %(since)s") % {"since": since}
    else:
        sentence = ngettext("deleted %(days)d day %(since)s", "deleted %(days)d days %(since)s", days) % {
            "days": days,
            "since": since,
        }
    return Term(rule.key, str(rule.what), days, since, str(sentence))


@dataclass(frozen=True, slots=True)
class Carried:
    """How many rows a rule concerned."""

    key: str
    count: int


def carry_out(*, dry_run: bool = False, now: datetime | None = None) -> Iterator[Carried]:
    """Apply each rule in turn, in small transactions: what an interruption leaves undone the next run does.

    A second run finds nothing. With `dry_run` nothing is changed.
    """
    moment = now or timezone.now()
    for rule in RULES:
        if rule.term is None:
            continue
        before = moment - timedelta(days=rule.term)
        yield Carried(rule.key, count(rule, before) if dry_run else _apply(rule, before))


def count(rule: Rule, before: datetime) -> int:
    """How many rows are due."""
    return sum(rows.count() for rows in rule.rows(before))


def _apply(rule: Rule, before: datetime) -> int:
    done = 0
    for number in range(len(rule.rows(before))):
        last: list[Any] = []
        while True:
            # Queried again: carrying out one batch, or one rule before, changes what is due.
            rows = rule.rows(before)[number]
            batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not batch or batch == last:
                break
            with transaction.atomic():
                rule.act(rows.model, batch)
            done, last = done + len(batch), batch
    return done


def check_retention(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every name is a rule's, no term is negative, and the audit log is kept for at least its floor."""
    known = {rule.key for rule in RULES if rule.days is not None}
    found: list[CheckMessage] = []
    for key, days in settings.XINGLIN_RETENTION_DAYS.items():
        if key not in known:
            found.append(
                _error(f"XINGLIN_RETENTION_DAYS names “{key}”, which is no rule.", ", ".join(sorted(known)))
            )
        elif days < 0:
            found.append(
                _error(f"XINGLIN_RETENTION_DAYS: “{key}” is negative.", "0 deletes with the next run.")
            )
        elif key == "audit" and days < AUDIT_FLOOR_DAYS:
            hint = f"The database lets go of no row younger than {AUDIT_FLOOR_DAYS} days."
            found.append(_error("XINGLIN_RETENTION_DAYS: “audit” is too short.", hint))
    if settings.XINGLIN_ERASURE_GRACE_DAYS < 0:
        found.append(_error("XINGLIN_ERASURE_GRACE_DAYS is negative.", "0 erases with the next daily run."))
    return found


def _error(message: str, hint: str) -> Error:
    return Error(message, hint=hint, id="gate.E001")
