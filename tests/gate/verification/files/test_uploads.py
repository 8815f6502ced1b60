"""What may be stored as a credential, and that nothing else is."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory
from PIL import Image, PngImagePlugin

from api.parsers import LONGEST_FORM
from gate.errors import InvalidAnswers, UploadRefused
from gate.models import Credential, Verification
from gate.verification.files import uploads
from gate.verification.files.uploads import clean_upload
from gate.verification.submission import submit_verification
from tests.factories.gate import UserFactory, allow_credentials, application, credential, credential_bytes


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What is a matter of content here does not fail for the machine's load."""
    monkeypatch.setattr(uploads, "PDF_LIMITS", {"cpu_seconds": 3, "deadline": 30.0})


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


def pdf_bytes(pages: int = 1, size: tuple[int, int] = (612, 792), **root: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _page in range(pages):
            pdf.add_blank_page(page_size=size)
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
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "not_a_picture"),
        (b"\x00\x00\x00\x18ftypheic" + b"\0" * 100, "unreadable"),
        (b"\x00\x00\x00\x18ftypavif" + b"\0" * 100, "not_a_picture"),
        (b"\x00\x00\x00\x18ftypisom" + b"\0" * 100, "not_a_picture"),
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
        (png_of(9_000, 8_000), "too_many_pixels"),
        (credential_bytes("PNG", (100, 600)), "too_small"),
        (b"%PDF-1.7\nnothing", "unreadable"),
        (pdf_bytes(pages=11), "too_many_pages"),
        (pdf_bytes(size=(100, 2_000)), "page_size"),
        (pdf_bytes(size=(2_000, 100)), "page_size"),
        (pdf_bytes(pages=10, size=(100, 200)), "too_many_pages"),
    ],
    ids=range(25),
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


def test_an_encrypted_pdf_is_refused():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert code_of(out.getvalue()) == "encrypted"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_refusal_leaves_no_row_and_no_file(settings):
    with pytest.raises(InvalidAnswers) as refusal:
        submit_verification(
            user=allow_credentials(UserFactory()), data=application(), files=[credential(), upload(b"<svg/>")]
        )
    assert set(refusal.value.fields) == {"credentials"}
    assert not Verification.objects.exists()
    assert not Credential.objects.exists()
    assert not settings.XINGLIN_CREDENTIALS_ROOT.exists()


def heic_bytes(size: tuple[int, int] = (640, 400), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#f4efe2").save(out, "HEIF", quality=40, **options)
    return out.getvalue()


class TestHeic:
    """What phones send. Kept as JPEG, which every reviewer's browser shows."""

    def test_it_becomes_a_jpeg_without_metadata(self):
        exif = Image.Exif()
        exif[0x010F] = "canary-camera"
        exif.get_ifd(0x8825)[1] = "N"
        data = heic_bytes(exif=exif.tobytes(), xmp=b"<x:xmpmeta>canary-xmp</x:xmpmeta>")
        assert b"canary" in data
        clean = clean_upload(upload(data, name="IMG_0001.HEIC"))
        assert clean.content_type == "image/jpeg"
        assert b"canary" not in clean.data
        with Image.open(io.BytesIO(clean.data)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (640, 400))
            assert not picture.getexif()

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (heic_bytes((100, 600)), "too_small"),
            (heic_bytes()[:400], "unreadable"),
            (heic_bytes() + b"<script>alert(1)</script>", "polyglot"),
            (heic_bytes() + zip_bytes(), "polyglot"),
        ],
        ids=range(4),
    )
    def test_the_rules_hold(self, data, code):
        assert code_of(data, name="card.heic") == code

    def test_pixels_are_counted_before_they_are_decoded(self, monkeypatch):
        data = heic_bytes()
        monkeypatch.setattr(uploads, "MAX_PIXELS", 640 * 400 - 1)
        # The first bytes alone, which hold the size and no pixel.
        assert code_of(data[:-20]) == "too_many_pixels"

    def test_several_pictures_in_one_file_are_refused(self):
        out = io.BytesIO()
        first, second = (Image.new("RGB", (300, 300), colour) for colour in ("red", "blue"))
        first.save(out, "HEIF", save_all=True, append_images=[second])
        assert code_of(out.getvalue()) == "animated"

    def test_it_is_offered(self):
        assert "image/heic" in uploads.ACCEPTED


def test_place_and_author_are_dropped():
    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (31.0, 12.0, 3.0)
    gps[29] = "canary-date"
    jpeg, png, webp = io.BytesIO(), io.BytesIO(), io.BytesIO()
    xmp = b"<x:xmpmeta>canary-xmp</x:xmpmeta>"
    picture = Image.new("RGB", (640, 400), "white")
    picture.save(jpeg, "JPEG", exif=exif, xmp=xmp)
    picture.save(webp, "WEBP", exif=exif, xmp=xmp)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "canary-author")
    text.add_itxt("XML:com.adobe.xmp", xmp.decode(), zip=False)
    picture.save(png, "PNG", pnginfo=text, exif=exif)
    for out in (jpeg, png, webp):
        assert b"canary" in out.getvalue()
        clean = clean_upload(upload(out.getvalue())).data
        assert b"canary" not in clean
        with Image.open(io.BytesIO(clean)) as kept:
            assert not kept.getexif()
            assert not {"xmp", "Author", "XML:com.adobe.xmp"} & set(kept.info)


def test_a_pdf_of_a_hundred_thousand_pages_is_refused_by_its_count():
    """Written by hand: one page object, named as a kid over and over."""
    pages, kids = 100_000, 1000
    branch = b"<< /Type /Pages /Count %d /Kids [%s] /Parent 2 0 R >>" % (kids, b"4 0 R " * kids)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b"3 0 R " * (pages // kids)),
        branch,
        b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 9 9] >>",
    ]
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    assert code_of(data) in {"too_many_pages", "unreadable"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "../../../../etc/passwd.jpg",
        "..\\..\\card.jpg",
        "card\x00.php.jpg",
        "\u202egpj.exe",
        "证" * 200 + ".jpg",
        "a" * 5000 + ".jpg",
        "执业证书 照片（一）.jpg",
        "con.jpg",
        "",
    ],
    ids=range(9),
)
def test_names_decide_nothing_and_are_not_kept(client, name, settings, django_capture_on_commit_callbacks):
    """Through the API, as bytes on the wire: the stored file is named by us."""
    reader = allow_credentials(UserFactory())
    client.force_login(reader)
    boundary = "xinglin"
    parts = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in application().items()
    )
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="credentials"; filename="{name}"\r\n'
    body = parts + head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + credential_bytes()
    body += f"\r\n--{boundary}--\r\n".encode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            "/api/v1/gate/verification", body, content_type=f"multipart/form-data; boundary={boundary}"
        )
    # Django takes no part whose name is empty or whose head is longer than a kilobyte or so.
    assert answer.status_code == (400 if not name or len(name) > 1000 else 201)
    stored = [path.name for path in settings.XINGLIN_CREDENTIALS_ROOT.rglob("*") if path.is_file()]
    assert stored == [row.name for row in Credential.objects.all()]
    assert len(stored) == (1 if answer.status_code == 201 else 0)
    assert not any(part in "".join(stored) for part in ("card", "passwd", "证", "exe", "php", "con"))


class Counting(io.RawIOBase):
    """A body without end, which counts what was read of it."""

    given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "an endless body was read to its end"
        self.given += size
        return b"a" * size


@pytest.mark.django_db
def test_an_endless_multipart_body_is_refused_before_it_is_read(client):
    client.force_login(UserFactory())
    endless = Counting()
    answer = client.generic(
        "POST",
        "/api/v1/gate/verification",
        b"a",
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(LONGEST_FORM + 1), "wsgi.input": endless},
    )
    assert answer.status_code == 413
    assert endless.given == 0
    assert not Verification.objects.exists()


@pytest.mark.django_db
def test_a_body_that_claims_less_than_it_sends_is_read_no_further():
    endless = Counting()
    environ = RequestFactory().post("/api/v1/gate/verification").environ
    environ |= {
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "CONTENT_LENGTH": "100000",
        "wsgi.input": endless,
    }
    with suppress(MultiPartParserError):
        assert not WSGIRequest(environ).POST
    assert endless.given <= 200_000
