"""The waiting time of a case in words, and how urgently the queue marks it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# A working day is what the pending screen promises; after three days readers write to support.
LONG_AFTER = dt.timedelta(days=1)
OVERDUE_AFTER = dt.timedelta(days=3)


class Urgency(StrEnum):
    """Each value is also the suffix of the CSS class and the value of the queue's filter."""

    FRESH = "fresh"
    LONG = "long"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Waiting:
    """`since` is when it began to wait for a reviewer; `until` is now, or the decision."""

    since: dt.datetime
    until: dt.datetime

    @property
    def urgency(self) -> Urgency:
        waited = self.until - self.since
        if waited >= OVERDUE_AFTER:
            return Urgency.OVERDUE
        return Urgency.LONG if waited >= LONG_AFTER else Urgency.FRESH

    def __str__(self) -> str:
        """The two largest units above a day, one below: "2 days 5 hours", "5 hours", "12 minutes"."""
        minutes = max(0, int((self.until - self.since).total_seconds() // 60))
        days, hours = minutes // (24 * 60), minutes // 60 % 24
        if days:
            text = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
            return f"{text} {_hours(hours)}" if hours else text
        if hours:
            return _hours(hours)
        if minutes:
            return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
        return _("just now")


def _hours(hours: int) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
