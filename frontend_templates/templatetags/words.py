"""Template filters for names of states and for dates, in the reader's language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gate.models import Agreement, Profession
from gate.verification import field_of

register = template.Library()


@register.filter
def day(value: str | dt.date) -> str:
    """2026年11月23日, from a date, a moment or its ISO form."""
    when = _parsed(value)
    if isinstance(when, dt.datetime):
        when = timezone.localtime(when)
    return formats.date_format(when, "DATE_FORMAT") if when else ""


@register.filter
def moment(value: str | dt.datetime) -> str:
    """2026年11月23日 14:05."""
    when = _parsed(value)
    if not isinstance(when, dt.datetime):
        return day(value)
    local = timezone.localtime(when)
    return f"{formats.date_format(local, 'DATE_FORMAT')} {local:%H:%M}"


@register.filter
def ago(value: str | dt.datetime) -> str:
    """Relative under a day, the date from then on: how screens write times."""
    when = _parsed(value)
    if not isinstance(when, dt.datetime):
        return day(value)
    minutes = int((timezone.now() - when).total_seconds() // 60)
    if minutes >= 24 * 60 or minutes < 0:
        return day(when)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}


@register.filter
def span(value: dt.timedelta | float | None) -> str:
    """A length of time in its largest sensible unit, rounded up, so that no estimate is too short."""
    if value is None:
        return ""
    seconds = value.total_seconds() if isinstance(value, dt.timedelta) else float(value)
    minutes = max(1, -(-int(seconds) // 60))
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = -(-minutes // 60)
    if hours < 24:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = -(-hours // 24)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def originality(value: str) -> str:
    return {
        "original": _("Original"),
        "republished": _("Not original"),
        "translated": _("Translation"),
    }.get(value, value)


@register.filter
def audience_name(value: str) -> str:
    return {
        "public": _("Everyone"),
        "registered": _("Registered readers"),
        "hcp": _("Verified healthcare professionals"),
    }.get(value, value)


@register.filter
def tone_name(value: str) -> str:
    return {"note": _("Note"), "warning": _("Warning"), "tip": _("Tip")}.get(value, value)


@register.filter
def decision_name(value: str) -> str:
    """The name of a consent decision."""
    return {
        "agreed": _("Agreed"),
        "refused": _("Refused"),
        "skipped": _("Declined"),
        "withdrawn": _("Withdrawn"),
    }.get(str(value), str(value))


@register.filter
def case_state_name(value: str) -> str:
    """The name of a verification's state, as the applicant sees it."""
    return {
        "draft": _("Not sent yet"),
        "submitted": _("Waiting for review"),
        "in_review": _("Being reviewed"),
        "needs_answer": _("Your answer is needed"),
        "approved": _("Approved"),
        "rejected": _("Not approved"),
        "expired": _("Expired"),
        "revoked": _("Revoked"),
    }.get(str(value), str(value))


@register.filter
def stated_name(value: str) -> str:
    """The label of a field of the verification form."""
    return _("Profession") if value == "profession" else str(field_of("", value).label)


@register.filter
def statement_name(value: str) -> str:
    """The label of a part of a text's statement; the version keeps the parts' order."""
    return str(Agreement._meta.get_field(value).verbose_name).capitalize()


@register.filter
def profession_name(value: str) -> str:
    return str(dict(Profession.choices).get(value, value))


@register.filter
def steps_left(steps: list[dict[str, Any]]) -> str:
    """The number of steps left and their time: "2 steps left, about 3 minutes."."""
    left = [step for step in steps if step["state"] in ("now", "todo")]
    if not left:
        return ""
    minutes = sum(step["minutes"] or 0 for step in left)
    return ngettext(
        "%(count)d step left, about %(minutes)d min.",
        "%(count)d steps left, about %(minutes)d min.",
        len(left),
    ) % {"count": len(left), "minutes": max(1, minutes)}


def _parsed(value: str | dt.date | None) -> dt.date | dt.datetime | None:
    if isinstance(value, str):
        return parse_datetime(value) if "T" in value else parse_date(value)
    return value
