"""The fields that a verification asks of each profession.

The one table from which the checks, the API's description of the form and the site's form derive.
docs/howto/add-a-profession.md shows how to add one. Every profession has the columns of
gate.verification.status.INPUT_FIELDS; their labels, whether they are required and the number's format are
its own. The checks are lenient: reviewers decide, they catch slips.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gate.models.verifications import Profession, Verification
from gate.verification.licences import ANY_NUMBER, NURSE_NUMBER, PHYSICIAN_NUMBER

Text = str | Promise
FILL_IN = _("Please fill in this field.")


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of one profession's form.

    `pattern` is for the whole value, numbers in their normalised form
    (gate.verification.licences.normalise), in the syntax that Python and JavaScript share; `wrong` explains
    what it expects, `missing` what is required when it is left empty.
    """

    name: str
    label: Text
    hint: Text = ""
    required: bool = False
    pattern: str = ""
    wrong: Text = ""
    missing: Text = FILL_IN

    @property
    def max_length(self) -> int | None:
        return getattr(Verification._meta.get_field(self.name), "max_length", None)


NAME = FormField("full_name", _("Name, as on the licence"), required=True)
NUMBER = FormField(
    "licence_number",
    _("Licence number"),
    _("The number of your practising certificate."),
    required=True,
    pattern=ANY_NUMBER,
    wrong=_("Please enter the number as it is printed."),
    missing=_("Please enter your licence number."),
)
INSTITUTION = FormField(
    "institution",
    _("Institution"),
    _("The full name of the hospital, school or company."),
    required=True,
)
DEPARTMENT = FormField("department", _("Department"))
TITLE = FormField(
    "professional_title",
    _("Professional title"),
    _("For example attending physician or chief pharmacist."),
)

FORMS: dict[str, tuple[FormField, ...]] = {
    Profession.PHYSICIAN: (
        NAME,
        replace(
            NUMBER,
            pattern=PHYSICIAN_NUMBER,
            wrong=_("A physician's certificate number has 15 to 27 digits."),
        ),
        INSTITUTION,
        replace(DEPARTMENT, required=True),
        TITLE,
    ),
    Profession.PHARMACIST: (
        NAME,
        replace(NUMBER, hint=_("The number of your registration as a pharmacist.")),
        INSTITUTION,
        DEPARTMENT,
        TITLE,
    ),
    Profession.NURSE: (
        NAME,
        replace(NUMBER, pattern=NURSE_NUMBER, wrong=_("A nurse's certificate number has 11 to 18 digits.")),
        INSTITUTION,
        replace(DEPARTMENT, required=True),
        TITLE,
    ),
    Profession.TECHNICIAN: (
        NAME,
        replace(NUMBER, hint=_("The number of your certificate of qualification.")),
        INSTITUTION,
        DEPARTMENT,
        TITLE,
    ),
    Profession.STUDENT: (
        replace(NAME, label=_("Name, as on the student card")),
        replace(
            NUMBER,
            label=_("Student number"),
            hint="",
            required=False,
            wrong=_("Please enter your student number."),
        ),
        replace(INSTITUTION, label=_("School"), hint=_("The full name of the university or school.")),
        replace(DEPARTMENT, label=_("Subject")),
        replace(TITLE, label=_("Year of study"), hint=_("For example third year of clinical medicine.")),
    ),
    Profession.OTHER: (
        NAME,
        replace(NUMBER, required=False, hint=_("If there is one.")),
        INSTITUTION,
        DEPARTMENT,
        replace(TITLE, label=_("Occupation"), hint=_("What you work as."), required=True),
    ),
}
# Before a profession is chosen.
ANY = (NAME, replace(NUMBER, pattern=""), INSTITUTION, DEPARTMENT, TITLE)


def form_of(profession: str) -> tuple[FormField, ...]:
    """The fields of this profession, in order, without the choice of the profession itself."""
    return FORMS.get(profession, ANY)


def field_of(profession: str, name: str) -> FormField:
    """One of them."""
    return next(field for field in form_of(profession) if field.name == name)


def professions_that_need(name: str) -> list[str]:
    """Labels of the professions that must fill in the field; empty when all must, or none."""
    needing = [value for value in FORMS if field_of(value, name).required]
    return [] if len(needing) == len(FORMS) else [str(Profession(value).label) for value in needing]
