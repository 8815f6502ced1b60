"""What arrives as a credential: told by its content, decoded, drawn anew, without metadata.

Only what these checks hand back is ever stored; a refusal leaves no file. The name and the MIME type that the
browser sent decide nothing.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import Protocol

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from gate.errors import UploadRefused
from gate.uploads_pdf import clean_pdf

MAX_BYTES = 10 * 1024 * 1024
# A phone's 48-megapixel picture is larger than anybody needs to read a card, and is a memory bomb in numbers.
MAX_PIXELS = 40_000_000
MIN_EDGE = 200  # a card narrower than this cannot be read
MAX_EDGE = 2400  # what is kept; enough to read the smallest print on a licence
MAX_FILES = 4
READ_CHUNK = 64 * 1024

# How each is decoded, and as what it is kept. HEIC is what phones take; no browser of a reviewer shows it.
PICTURES = {
    "image/jpeg": ("JPEG", "JPEG"),
    "image/png": ("PNG", "PNG"),
    "image/webp": ("WEBP", "WEBP"),
    "image/heic": ("HEIF", "JPEG"),
}
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF = "application/pdf"
ACCEPTED = (*PICTURES, PDF)
# Brands of ISO base media files that hold one HEVC-coded picture (ISO/IEC 23008-12). Sequences and AVIF are
# not taken.
HEIC_BRANDS = (b"heic", b"heix", b"mif1")
# libheif's own bound, before any pixel is decoded; one thread, so that a few uploads take not every core.
register_heif_opener(thumbnails=False, decode_threads=1)

# A picture that is also a page, a program or a document. Five bytes or more, so that chance does not make
# them.
FOREIGN = re.compile(rb"<script|<!doctype|<html|<\?php|<svg[\s>]|%PDF-\d", re.IGNORECASE)


class Upload(Protocol):
    """The part of Django's UploadedFile that is used."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class CleanFile:
    data: bytes
    content_type: str


def clean_upload(upload: Upload) -> CleanFile:
    """The file as it may be stored; UploadRefused with a code and a sentence otherwise."""
    data = _read(upload)
    kind = _kind(data)
    if kind == PDF:
        return CleanFile(clean_pdf(data), PDF)
    if FOREIGN.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
        raise UploadRefused(
            "polyglot", _("This file is a picture and something else at once. Take a new picture.")
        )
    coded, wanted = PICTURES[kind]
    return CleanFile(_redraw(data, coded, wanted), MEDIA_TYPES[wanted])


def _read(upload: Upload) -> bytes:
    """The content, reading no more than one chunk beyond the limit."""
    parts: list[bytes] = []
    size = 0
    while chunk := upload.read(READ_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            limit = MAX_BYTES // (1024 * 1024)
            raise UploadRefused("too_large", _("The file is larger than %(limit)s MB.") % {"limit": limit})
    if not size:
        raise UploadRefused("empty", _("The file is empty."))
    return b"".join(parts)


def _kind(data: bytes) -> str:
    """The MIME type by magic number; refused unless it is one we take."""
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "image/heic"
    try:
        kind = str(puremagic.from_string(data[:4096], mime=True))
    except (puremagic.PureError, ValueError):
        kind = ""
    if kind not in ACCEPTED:
        raise UploadRefused("not_a_picture", _("Please send a JPEG, PNG, HEIC or WebP picture, or a PDF."))
    return kind


def _redraw(data: bytes, coded: str, wanted: str) -> bytes:
    """Decode and encode again: what is stored is pixels, without EXIF, GPS, XMP or anything appended."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=(coded,)) as picture:
                _check_size(picture)
                picture.load()
                # The only metadata that changes what is seen is applied, then dropped with the rest.
                upright = ImageOps.exif_transpose(picture)
        flat = (
            upright.convert("RGB")
            if wanted == "JPEG" or upright.mode not in ("RGB", "RGBA", "L")
            else upright
        )
        flat.thumbnail((MAX_EDGE, MAX_EDGE))
        fresh = Image.new(flat.mode, flat.size)
        fresh.paste(flat)
        out = io.BytesIO()
        fresh.save(out, wanted, **({"quality": 88} if wanted != "PNG" else {"optimize": False}))
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise UploadRefused(
            "unreadable", _("The picture could not be read. Please take it again.")
        ) from error
    return out.getvalue()


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < MIN_EDGE:
        raise UploadRefused("too_small", _("The picture is too small to be read."))
    if getattr(picture, "n_frames", 1) > 1:
        raise UploadRefused("animated", _("Please send a still picture."))


def _too_many_pixels() -> UploadRefused:
    limit = MAX_PIXELS // 1_000_000
    return UploadRefused(
        "too_many_pixels", _("The picture has more than %(limit)s megapixels.") % {"limit": limit}
    )
