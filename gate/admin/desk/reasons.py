"""Canned reasons of rejections, as the reader gets them, and the field each of them concerns."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gate.verification.form import FILES_FIELD

OTHER = "other"


@dataclass(frozen=True, slots=True)
class CannedReason:
    """A canned reason.

    `text` is sent in the reader's language; `field` is the form field beside which it is shown;
    `from_files`: it is about the content of the credential, so it requires a look.
    """

    code: str
    text: str | Promise
    field: str
    from_files: bool = True


CANNED_REASONS = (
    CannedReason(
        "unreadable",
        _("The picture cannot be read. Please take it again: whole, sharp and in good light."),
        FILES_FIELD,
    ),
    CannedReason("not_a_credential", _("The picture does not show a professional credential."), FILES_FIELD),
    CannedReason("expired_credential", _("The credential in the picture is no longer valid."), FILES_FIELD),
    CannedReason("name_differs", _("The name you gave differs from the one on the credential."), "full_name"),
    CannedReason(
        "licence_differs",
        _("The licence number you gave differs from the one on the credential."),
        "licence_number",
    ),
    CannedReason(
        "institution_unknown",
        _("We could not confirm the institution. Please give its full name."),
        "institution",
        from_files=False,
    ),
)
REASON_BY_CODE = {reason.code: reason for reason in CANNED_REASONS}
