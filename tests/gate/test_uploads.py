"""What may be stored as a credential, and that nothing else is."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gate import services, uploads
from gate.errors import InvalidAnswers, UploadRefused
from gate.models import Credential, Verification
from gate.uploads import clean_upload
from tests.factories.gate import UserFactory, application, credential, credential_bytes


def upload(data: bytes, name: str = "card.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def code_of(data: bytes, **kwargs: str) -> str:
    with pytest.raises(UploadRefused) as refusal:
        clean_upload(upload(data, **kwargs))
    return refusal.value.code


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims these pixels and carries none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def zip_bytes() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    return out.getvalue()


def pdf_bytes(pages: int = 1, **root: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _page in range(pages):
            pdf.add_blank_page()
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "canary-title"
        for key, value in root.items():
            pdf.Root[f"/{key}"] = value
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_pictures_are_told_by_their_content_and_drawn_anew(form, mime):
    clean = clean_upload(upload(credential_bytes(form), name="..\\..\u202egpj.exe"))
    assert clean.content_type == mime
    with Image.open(io.BytesIO(clean.data)) as picture:
        assert (picture.format, picture.size) == (form, (640, 400))


def test_metadata_is_dropped_and_the_picture_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010F] = "canary-camera"
    out = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(out, "JPEG", exif=exif, comment=b"canary-comment")
    clean = clean_upload(upload(out.getvalue())).data
    assert b"canary" not in clean
    with Image.open(io.BytesIO(clean)) as picture:
        assert picture.size == (400, 640)
        assert not picture.getexif()


def test_what_is_appended_to_a_picture_is_not_stored():
    assert b"canary" not in clean_upload(upload(credential_bytes() + b"canary")).data


def test_large_pictures_are_made_smaller():
    out = io.BytesIO()
    Image.new("L", (5000, 1000)).save(out, "PNG")
    with Image.open(io.BytesIO(clean_upload(upload(out.getvalue())).data)) as picture:
        assert picture.size == (uploads.MAX_EDGE, 480)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"not a picture at all", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture"),
        (b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
        (b"GIF89a" + b"\0" * 100, "not_a_picture"),
        (b"MZ" + b"\0" * 100, "not_a_picture"),
        (zip_bytes(), "not_a_picture"),
        (credential_bytes()[:2000], "unreadable"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 400, "unreadable"),
        (credential_bytes() + b"<script>alert(1)</script>", "polyglot"),
        (credential_bytes() + b"<?php system($_GET[0]); ?>", "polyglot"),
        (credential_bytes() + zip_bytes(), "polyglot"),
        (credential_bytes() + b"%PDF-1.7\n", "polyglot"),
        (png_of(60_000, 60_000), "too_many_pixels"),
        (png_of(8_000, 6_000), "too_many_pixels"),
        (credential_bytes("PNG", (100, 600)), "too_small"),
        (b"%PDF-1.7\nnothing", "unreadable"),
        (pdf_bytes(pages=11), "too_many_pages"),
        (
            pdf_bytes(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")),
            "active_content",
        ),
        (pdf_bytes(AA=pikepdf.Dictionary()), "active_content"),
        (pdf_bytes(Names=pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())), "active_content"),
    ],
    ids=range(21),
)
def test_everything_else_is_refused(data, code):
    assert code_of(data) == code


def test_reading_stops_at_the_limit():
    class Endless:
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            self.given += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(UploadRefused) as refusal:
        clean_upload(endless)
    assert refusal.value.code == "too_large"
    assert endless.given <= uploads.MAX_BYTES + uploads.READ_CHUNK


def test_an_animation_is_refused():
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert code_of(out.getvalue()) == "animated"


def test_a_pdf_loses_its_metadata():
    clean = clean_upload(upload(pdf_bytes()))
    assert clean.content_type == "application/pdf"
    with pikepdf.open(io.BytesIO(clean.data)) as pdf:
        assert "/Metadata" not in pdf.Root
        assert len(pdf.pages) == 1


def test_an_encrypted_pdf_is_refused():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert code_of(out.getvalue()) == "encrypted"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_refusal_leaves_no_row_and_no_file(settings):
    with pytest.raises(InvalidAnswers) as refusal:
        services.submit_verification(
            user=UserFactory(), data=application(), files=[credential(), upload(b"<svg/>")]
        )
    assert set(refusal.value.fields) == {"credentials"}
    assert not Verification.objects.exists()
    assert not Credential.objects.exists()
    assert not settings.XINGLIN_CREDENTIALS_ROOT.exists()
