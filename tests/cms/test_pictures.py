"""A picture that is no picture is refused before it is stored, whichever way it comes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cms.models import XinglinImage
from cms.pictures import verify_picture
from tests.factories.cms import XinglinImageFactory, picture
from tests.factories.gate import UserFactory

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def gif() -> bytes:
    file = BytesIO()
    Image.new("P", (10, 10)).save(file, "GIF")
    return file.getvalue()


NO_PICTURES = {
    "text": b"not a picture",
    "empty": b"",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": SVG,
    "gif": gif(),
    "cut": picture()[:400],
    "magic only": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "pdf": b"%PDF-1.7\n%%EOF",
}


def stored(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused_in_code_and_leaves_no_file(content, settings):
    with pytest.raises(ValidationError) as refusal:
        XinglinImage.objects.create(title="假", file=ContentFile(content, name="picture.png"))
    assert refusal.value.code == "no_picture"
    assert not XinglinImage.objects.exists()
    assert stored(settings) == []


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused_in_the_admin_and_leaves_no_file(content, settings, client):
    client.force_login(UserFactory(is_superuser=True))
    upload = SimpleUploadedFile("picture.png", content, content_type="image/png")
    response = client.post(reverse("wagtailimages:add"), {"title": "假", "file": upload})
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not XinglinImage.objects.exists()
    assert stored(settings) == []


@pytest.mark.parametrize("name", ["picture.svg", "picture.html", "picture.gif", "picture"])
def test_a_name_that_is_no_pictures_is_refused_in_the_admin(name, client):
    client.force_login(UserFactory(is_superuser=True))
    upload = SimpleUploadedFile(name, picture(), content_type="image/png")
    response = client.post(reverse("wagtailimages:add"), {"title": "假", "file": upload})
    assert response.context["form"].errors["file"]
    assert not XinglinImage.objects.exists()


def test_a_bomb_is_refused_by_its_header(settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000
    with pytest.raises(ValidationError) as refusal:
        verify_picture(BytesIO(picture(size=(100, 11))))
    assert refusal.value.code == "too_many_pixels"
    verify_picture(BytesIO(picture(size=(100, 10))))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_stored_with_their_size_and_hash(form, settings):
    content = ContentFile(picture(size=(30, 20), form=form), name=f"picture.{form.lower()}")
    image = XinglinImage.objects.create(title="真", file=content)
    assert (image.width, image.height, len(image.file_hash)) == (30, 20, 40)
    assert len(stored(settings)) == 1


def test_replacing_a_picture_by_none_keeps_the_old_one():
    image = XinglinImageFactory()
    before = image.file_hash
    with pytest.raises(ValidationError):
        image.file = ContentFile(b"no picture", name="new.png")
    assert XinglinImage.objects.get(pk=image.pk).file_hash == before


def test_an_upload_in_the_admin_keeps_its_rights(client):
    client.force_login(UserFactory(is_superuser=True))
    facts = {"title": "CT", "default_alt": "结节", "source": "示例医院", "licence": "CC-BY-4.0"}
    upload = SimpleUploadedFile("ct.png", picture(), content_type="image/png")
    client.post(reverse("wagtailimages:add"), facts | {"file": upload})
    image = XinglinImage.objects.get()
    assert {name: getattr(image, name) for name in facts} == facts
    assert image.default_alt_text == "结节"
