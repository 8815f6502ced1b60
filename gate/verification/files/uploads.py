"""Checks uploaded credentials: recognised by content, decoded, drawn again, without metadata.

Only what these checks return is ever stored; a refusal leaves no file. The name and the MIME type that the
browser sent decide nothing. Decoding happens in a process of its own (cms.drawing). A PDF is stored as the
picture of its pages: nothing in it that acts, embeds or refers is left.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import puremagic
from django.utils.translation import gettext as _

from cms.drawing.process import DrawingRefused, run
from cms.drawing.slots import Busy, drawing_slot
from gate.errors import DrawingBusy, UploadRefused

# A photo of 64 megapixels, as phones take them, has up to this.
MAX_BYTES = 24 * 1024 * 1024
# Sensors sold as 64 megapixels give a little more than 64,000,000.
MEGAPIXEL = 1024 * 1024
MAX_PIXELS = 64 * MEGAPIXEL
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

# Every page is shown to the reviewer, or the file is refused. A page is as wide as a screen reads it.
MAX_PAGES = 10
PAGES = {"max_pages": MAX_PAGES, "width": 1400, "max_page_height": 4000, "max_height": 24_000}
# Ten scanned pages take about one second; a document that takes longer is built to. With the wait for a slot
# the response comes within five seconds.
PDF_LIMITS = {"cpu_seconds": 3, "deadline": 4.0}

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
        return CleanFile(draw_pdf(data), MEDIA_TYPES["JPEG"])
    if FOREIGN.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
        raise UploadRefused(
            "polyglot", _("This file is a picture and something else at once. Take a new picture.")
        )
    coded, wanted = PICTURES[kind]
    return CleanFile(_redraw(data, coded, wanted), MEDIA_TYPES[wanted])


@dataclass(frozen=True, slots=True)
class DecodedFiles:
    """Several uploads after decoding: the clean files, or the error of the first that is refused."""

    files: list[CleanFile]
    refusal: str | None = None


def decode_files(uploads: Sequence[Upload] | DecodedFiles) -> DecodedFiles:
    """All uploads of one request, one after another in one slot. Raises DrawingBusy.

    Slow: call it before anything is locked. Files that are decoded already are returned as they are.
    """
    if isinstance(uploads, DecodedFiles):
        return uploads
    if len(uploads) > MAX_FILES:
        return DecodedFiles([], _("Please send at most %(limit)s files.") % {"limit": MAX_FILES})
    if not uploads:
        return DecodedFiles([])
    try:
        with drawing_slot():
            return _decode_all(uploads)
    except Busy as error:
        raise DrawingBusy from error


def _decode_all(uploads: Sequence[Upload]) -> DecodedFiles:
    kept: list[CleanFile] = []
    for number, upload in enumerate(uploads, start=1):
        try:
            kept.append(clean_upload(upload))
        except UploadRefused as refusal:
            if len(uploads) == 1:
                return DecodedFiles([], refusal.message)
            words = _("File %(number)d: %(problem)s") % {"number": number, "problem": refusal.message}
            return DecodedFiles([], words)
    return DecodedFiles(kept)


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


def draw_pdf(data: bytes) -> bytes:
    """All pages below each other, as one JPEG; UploadRefused, or DrawingBusy."""
    return _drawn("pages", data, **PDF_LIMITS, **PAGES)


def _redraw(data: bytes, coded: str, wanted: str) -> bytes:
    """The picture as pixels, without EXIF, GPS, XMP or anything appended."""
    limits = {"max_pixels": MAX_PIXELS, "min_edge": MIN_EDGE, "max_edge": MAX_EDGE}
    return _drawn("redraw", data, form=coded, wanted=wanted, **limits)


def _drawn(task: str, data: bytes, **arguments: Any) -> bytes:
    try:
        return run(task, data, **arguments)
    except Busy as error:
        raise DrawingBusy from error
    except DrawingRefused as refusal:
        raise UploadRefused(refusal.code, _words(refusal.code)) from refusal


def _words(code: str) -> str:
    return {
        "too_many_pixels": _("The picture has more than %(limit)s megapixels.")
        % {"limit": MAX_PIXELS // MEGAPIXEL},
        "too_small": _("The picture is too small to be read."),
        "animated": _("Please send a still picture."),
        "too_complex": _("The file is too complex. Please send a photo or a scan instead."),
        "encrypted": _("Please send the PDF without a password."),
        "too_many_pages": _("The PDF has more than %(limit)s pages.") % {"limit": MAX_PAGES},
        "page_size": _("A page of the PDF is too long or too narrow to be read."),
    }.get(code) or _("The file could not be read. Please send a new picture.")
