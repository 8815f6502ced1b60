"""What a licence number of each profession looks like. Lenient: reviewers decide, this catches slips.

Physicians: the practice certificate (医师执业证书) has 15 digits, older qualification certificates up to 27.
Nurses: 12 digits (older 11), newer electronic ones up to 18. The others are issued by provinces and schools
in many forms. A new profession needs a line here and one in models.verifications.Profession.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gate.models.verifications import Profession


@dataclass(frozen=True, slots=True)
class LicenceRule:
    """`pattern` is for the normalised number; `message` says what was expected; `required`: must be given."""

    pattern: re.Pattern[str]
    message: str | Promise
    required: bool = True


PHYSICIAN_NUMBER = re.compile(r"\d{15,27}")
NURSE_NUMBER = re.compile(r"\d{11,18}")
ANY_NUMBER = re.compile(r"[0-9A-Z\u4e00-\u9fff()第号-]{4,40}")

RULES: dict[str, LicenceRule] = {
    Profession.PHYSICIAN: LicenceRule(
        PHYSICIAN_NUMBER, _("A physician's certificate number has 15 to 27 digits.")
    ),
    Profession.NURSE: LicenceRule(NURSE_NUMBER, _("A nurse's certificate number has 11 to 18 digits.")),
    Profession.PHARMACIST: LicenceRule(ANY_NUMBER, _("Please enter the number as it is printed.")),
    Profession.TECHNICIAN: LicenceRule(ANY_NUMBER, _("Please enter the number as it is printed.")),
    Profession.STUDENT: LicenceRule(ANY_NUMBER, _("Please enter your student number."), required=False),
    Profession.OTHER: LicenceRule(ANY_NUMBER, _("Please enter the number as it is printed."), required=False),
}


def normalise(number: str) -> str:
    """Full-width digits, spaces and lower case are ways of typing, not parts of the number."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", number)).upper()


def problem_with(profession: str, number: str) -> str | None:
    """What is wrong with a normalised number, or None."""
    rule = RULES[profession]
    if not number:
        return str(_("Please enter your licence number.")) if rule.required else None
    return None if rule.pattern.fullmatch(number) else str(rule.message)
