"""A credential sent as PDF: few pages, no scripts, no attachments, no metadata; written anew by qpdf."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from gate.errors import UploadRefused

MAX_PAGES = 10
# Anything that acts, embeds or fetches. Checked on every object, not only where it usually stands.
ACTIVE_KEYS = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/EmbeddedFiles",
    "/EmbeddedFile",
    "/RichMedia",
    "/XFA",
    "/OpenAction",
    "/AA",
)
MAX_OBJECTS = 5_000
MAX_DEPTH = 20
METADATA_KEYS = ("/Metadata", "/PieceInfo")


def clean_pdf(data: bytes) -> bytes:
    """The document without metadata; UploadRefused when it is encrypted, active, too long or broken."""
    if not data.startswith(b"%PDF-"):
        raise _unreadable()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise UploadRefused("encrypted", _("Please send the PDF without a password."))
            if len(pdf.pages) > MAX_PAGES:
                raise UploadRefused(
                    "too_many_pages", _("The PDF has more than %(limit)s pages.") % {"limit": MAX_PAGES}
                )
            _check_objects(pdf)
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            out = io.BytesIO()
            pdf.save(out, linearize=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except UploadRefused:
        raise
    except pikepdf.PasswordError as error:
        raise UploadRefused("encrypted", _("Please send the PDF without a password.")) from error
    except Exception as error:
        raise _unreadable() from error
    return out.getvalue()


def _check_objects(pdf: pikepdf.Pdf) -> None:
    if len(pdf.objects) > MAX_OBJECTS:
        raise UploadRefused("too_complex", _("The PDF is too complex. Please send a picture instead."))
    for item in pdf.objects:
        _check(item, depth=0)


def _check(item: Any, *, depth: int) -> None:
    """One object and what is written inside it; what it only refers to is an object of its own."""
    if depth > MAX_DEPTH:
        raise UploadRefused("too_complex", _("The PDF is too complex. Please send a picture instead."))
    if isinstance(item, pikepdf.Array):
        inner = list(item)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        if any(key in item for key in ACTIVE_KEYS):
            raise UploadRefused(
                "active_content", _("The PDF contains scripts or attachments. Please send a picture.")
            )
        for key in METADATA_KEYS:
            if key in item:
                del item[key]
        inner = [item[key] for key in item.keys()]  # noqa: SIM118 - not a mapping
    else:
        return
    for value in inner:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            _check(value, depth=depth + 1)


def _unreadable() -> UploadRefused:
    return UploadRefused("unreadable", _("The PDF could not be read. Please send a picture instead."))
