"""A credential sent as PDF: few pages, no scripts, no attachments, no metadata; written anew by qpdf."""

from __future__ import annotations

import io

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
        if not isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            continue
        if any(key in item for key in ACTIVE_KEYS):
            raise UploadRefused(
                "active_content", _("The PDF contains scripts or attachments. Please send a picture.")
            )
        for key in METADATA_KEYS:
            if key in item:
                del item[key]


def _unreadable() -> UploadRefused:
    return UploadRefused("unreadable", _("The PDF could not be read. Please send a picture instead."))
