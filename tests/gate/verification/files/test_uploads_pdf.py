"""A PDF is kept as the picture of all its pages: nothing that acts or is attached, and no page cut off."""

from __future__ import annotations

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name
from PIL import Image

from gate.errors import UploadRefused
from gate.verification.files import uploads
from gate.verification.files.uploads import MAX_PAGES, clean_upload

COLOURS = [(number * 20 + 30, 200 - number * 15, 90) for number in range(MAX_PAGES)]


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What is a matter of content here does not fail for the machine's load."""
    monkeypatch.setattr(uploads, "PDF_LIMITS", {"cpu_seconds": 3, "deadline": 30.0})


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def coloured(*colours: tuple[int, int, int], size: tuple[int, int] = (300, 200)) -> pikepdf.Pdf:
    """One page for each colour, filled with it."""
    pdf = pikepdf.new()
    for colour in colours:
        page = pdf.add_blank_page(page_size=size)
        fill = " ".join(f"{part / 255:.3f}" for part in colour)
        page.Contents = pdf.make_stream(f"{fill} rg 0 0 {size[0]} {size[1]} re f".encode())
    return pdf


def picture_of(data: bytes) -> Image.Image:
    clean = clean_upload(SimpleUploadedFile("licence.pdf", data))
    assert clean.content_type == "image/jpeg"
    return Image.open(io.BytesIO(clean.data)).convert("RGB")


def is_like(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 8 for one, other in zip(pixel, colour, strict=True))


def test_every_page_is_in_the_picture_in_its_order():
    sheet = picture_of(saved(coloured(*COLOURS)))
    height = sheet.height // MAX_PAGES
    seen = [sheet.getpixel((sheet.width // 2, height * number + height // 2)) for number in range(MAX_PAGES)]
    assert all(is_like(pixel, colour) for pixel, colour in zip(seen, COLOURS, strict=True))


def test_one_page_more_refuses_the_file():
    with pytest.raises(UploadRefused) as refusal:
        picture_of(saved(coloured(*COLOURS, (0, 0, 0))))
    assert refusal.value.code == "too_many_pages"


def test_a_page_is_shown_as_it_is_turned():
    pdf = coloured((200, 30, 30), size=(300, 400))
    pdf.pages[0].Rotate = 90
    sheet = picture_of(saved(pdf))
    assert (sheet.width, sheet.height) == (1400, 1050)


def test_form_fields_and_stamps_are_shown():
    """What a registry prints into the fields of a form is as much the document as its paper."""
    pdf = coloured((255, 255, 255))
    notes: list[pikepdf.Object] = []
    form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 100, 100])}
    for kind, left, colour in (("Widget", 0, "1 0 0"), ("Stamp", 150, "0 0 1")):
        shown = pdf.make_stream(f"{colour} rg 0 0 100 100 re f".encode(), **form)
        note = {
            "Type": Name.Annot,
            "Subtype": Name(f"/{kind}"),
            "Rect": Array([left, 0, left + 100, 100]),
            "F": 4,
            "AP": Dictionary(N=shown),
        }
        if kind == "Widget":
            note |= {"FT": Name.Tx, "T": "number", "V": "110"}
        made = pdf.make_indirect(Dictionary(**note))
        notes.append(made)
        if kind == "Widget":
            pdf.Root.AcroForm = Dictionary(Fields=Array([made]))
    pdf.pages[0].Annots = Array(notes)
    sheet = picture_of(saved(pdf))
    field = sheet.getpixel((200, sheet.height - 200))
    assert field[0] > 200
    assert field[1] < 120
    assert is_like(sheet.getpixel((900, sheet.height - 200)), (0, 0, 255))


def active(pdf: pikepdf.Pdf) -> None:
    """One of everything that acts, embeds or fetches."""
    script = Dictionary(S=Name.JavaScript, JS="app.alert('canary')")
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.attachments["canary.exe"] = b"canary-attachment"
    names = pdf.Root.Names
    names.JavaScript = Dictionary(Names=Array(["canary", script]))
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp>canary-xfa</xdp>"))
    actions = (
        Dictionary(S=Name.URI, URI="https://canary.example/"),
        Dictionary(S=Name.Launch, F="canary.exe"),
        Dictionary(S=Name.SubmitForm, F="https://canary.example/"),
        Dictionary(S=Name.GoToR, F="canary.pdf"),
        Dictionary(S=Name.ImportData, F="canary.fdf"),
        script,
    )
    link = {"Type": Name.Annot, "Subtype": Name.Link, "Rect": Array([0, 0, 9, 9])}
    links = [Dictionary(**link, A=action, AA=Dictionary(E=action)) for action in actions]
    pdf.pages[0].Annots = Array(links)
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "canary-title"


def test_nothing_of_it_is_kept_but_what_is_seen():
    pdf = coloured((90, 160, 90))
    active(pdf)
    data = saved(pdf, compress_streams=False)
    assert b"canary" in data
    clean = clean_upload(SimpleUploadedFile("licence.pdf", data))
    assert clean.content_type == "image/jpeg"
    assert clean.data.startswith(b"\xff\xd8\xff")
    assert b"canary" not in clean.data
    assert b"%PDF" not in clean.data
    with Image.open(io.BytesIO(clean.data)) as picture:
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert is_like(picture.getpixel((700, 400)), (90, 160, 90))


@pytest.mark.parametrize(("owner", "user", "code"), [("a", "b", "encrypted"), ("a", "", None)])
def test_a_password_that_is_needed_refuses_the_file(owner, user, code):
    data = saved(coloured((90, 160, 90)), encryption=pikepdf.Encryption(owner=owner, user=user))
    if code is None:
        assert is_like(picture_of(data).getpixel((700, 400)), (90, 160, 90))
        return
    with pytest.raises(UploadRefused) as refusal:
        picture_of(data)
    assert refusal.value.code == code
