"""Checks of a case that need no look at its credential, one line beside the field it concerns.

A check never decides: it shows what a reviewer would otherwise have to look up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gate.models import Verification
from gate.verification.form import problem_with
from gate.verification.professions import field_of


class Tone(StrEnum):
    """Also the suffix of the CSS class."""

    GOOD = "good"
    PLAIN = "plain"
    NOTICE = "notice"
    BAD = "bad"


ICONS = {Tone.GOOD: "success", Tone.PLAIN: "info-circle", Tone.NOTICE: "warning", Tone.BAD: "warning"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line; `url` leads to the case that the text mentions."""

    tone: Tone
    text: str
    url: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.tone]


def licence_format(case: Verification) -> list[Check]:
    """Whether the number looks like one of this profession (gate.verification.professions)."""
    problem = problem_with(field_of(case.profession, "licence_number"), case.licence_number)
    if problem:
        return [Check(Tone.NOTICE, problem)]
    return [Check(Tone.GOOD, _("Looks like a number of this profession"))] if case.licence_number else []


def duplicates(case: Verification, others: list[Verification], openable: Collection[int]) -> list[Check]:
    """`others`: cases of other accounts with the same number; `openable`: those this reviewer may open."""
    if case.licence_number and not others:
        return [Check(Tone.GOOD, _("No other account uses this number"))]
    return [
        Check(
            Tone.BAD,
            _("Also on the account of %(name)s (%(state)s)")
            % {"name": other.full_name, "state": other.get_state_display()}
            if other.pk in openable
            else _("Also on an account in a zone that you do not review"),
            reverse("gate_desk:case", args=[other.uuid]) if other.pk in openable else "",
        )
        for other in others
    ]


def institution(approved_there: int) -> Check:
    """How many approved users named the same institution."""
    if approved_there:
        text = ngettext(
            "%(n)s approved person named the same institution",
            "%(n)s approved people named the same institution",
            approved_there,
        )
        return Check(Tone.GOOD, text % {"n": approved_there})
    return Check(Tone.PLAIN, _("The first applicant from this institution"))


def name(case: Verification) -> Check:
    """Whether the account's name is the name on the licence."""
    shown = case.user.display_name.strip()
    if not shown or shown == case.full_name.strip():
        return Check(Tone.PLAIN, _("Compare with the picture"))
    return Check(Tone.NOTICE, _("The account goes by %(name)s") % {"name": shown})
