"""Pictures come through the gate: only those that the reader's own document names, in three widths."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from tests.api.whole_article import (
    ARTICLE_ID,
    GATED_IMAGE_ID,
    OPEN_IMAGE_ID,
    golden_article,
    golden_zone,
)
from tests.factories.bodies import figure, paragraph
from tests.factories.cms import ArticlePageFactory, XinglinImageFactory, ZonePageFactory

pytestmark = pytest.mark.django_db


def address(image_id, width=400, article_id=ARTICLE_ID) -> str:
    return f"/api/v1/articles/{article_id}/images/{image_id}/{width}"


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def test_every_address_in_a_document_answers_with_a_picture_of_that_width(client):
    golden_article(golden_zone(audience="public"))
    document = client.get(f"/api/v1/articles/{ARTICLE_ID}").json()
    picture = document["body"][1]["image"]
    for source in picture["srcset"]:
        answer = client.get(source["url"])
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/png"
        with Image.open(BytesIO(content(answer))) as image:
            assert image.width == source["width"]
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert str(OPEN_IMAGE_ID) in answer["Content-Disposition"]


def test_before_the_gate_line_everyone_sees_the_picture_but_nobody_keeps_it(client):
    golden_article()
    answer = client.get(address(OPEN_IMAGE_ID))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer
    answer.close()


def test_behind_the_gate_line_a_picture_is_as_unknown_as_one_that_never_was(client):
    golden_article()
    gated, unknown = client.get(address(GATED_IMAGE_ID)), client.get(address(uuid4()))
    assert gated.status_code == 404
    assert gated.content == unknown.content


@pytest.mark.parametrize("method", ["head", "options", "get", "post", "put", "delete", "patch"])
def test_no_method_gets_around_the_gate(client, method):
    golden_article()
    answer = getattr(client, method)(
        address(GATED_IMAGE_ID), headers={"Range": "bytes=0-9", "Accept": "image/png"}
    )
    assert answer.status_code in (404, 405, 204)
    assert b"PNG" not in answer.content


@pytest.mark.parametrize("width", [0, 1, 399, 401, 799, 1600000000, 99999999999999999999])
def test_other_widths_do_not_exist(client, width):
    golden_article(golden_zone(audience="public"))
    assert client.get(address(OPEN_IMAGE_ID, width)).status_code == 404


def test_an_image_is_asked_for_through_an_article_that_shows_it(client):
    golden_article()
    other = ArticlePageFactory(parent=ZonePageFactory(audience="public"))
    assert client.get(address(GATED_IMAGE_ID, article_id=other.uuid)).status_code == 404
    assert client.get(address(OPEN_IMAGE_ID, article_id=other.uuid)).status_code == 404
    assert client.get(address(OPEN_IMAGE_ID, article_id=uuid4())).status_code == 404


def test_naming_an_address_in_a_text_opens_nothing(client):
    golden_article()
    zone = ZonePageFactory(audience="public")
    article = ArticlePageFactory(parent=zone, body=[paragraph("无图")])
    article.body = article.body.stream_block.to_python(
        [paragraph(f"见 {address(GATED_IMAGE_ID, 400, article.uuid)}")]
    )
    article.save_revision().publish()
    assert client.get(address(GATED_IMAGE_ID, article_id=article.uuid)).status_code == 404


def test_an_unpublished_article_takes_its_pictures_along(client):
    article = golden_article(golden_zone(audience="public"))
    client.get(address(OPEN_IMAGE_ID)).close()
    article.unpublish()
    assert client.get(address(OPEN_IMAGE_ID)).status_code == 404


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_lost_file_is_a_404(client):
    zone = ZonePageFactory(audience="public")
    image = XinglinImageFactory()
    article = ArticlePageFactory(parent=zone, body=[figure("a", image=image.pk)])
    image.file.storage.delete(image.file.name)
    assert client.get(address(image.uuid, article_id=article.uuid)).status_code == 404


def test_ranges_and_conditions_are_not_offered(client):
    golden_article(golden_zone(audience="public"))
    answer = client.get(address(OPEN_IMAGE_ID), headers={"Range": "bytes=0-9", "If-None-Match": "*"})
    assert (answer.status_code, answer["Accept-Ranges"]) == (200, "none")
    assert len(content(answer)) == int(answer["Content-Length"]) > 10


def test_head_has_the_length_and_no_body(client):
    golden_article(golden_zone(audience="public"))
    answer = client.head(address(OPEN_IMAGE_ID))
    assert answer.status_code == 200
    assert int(answer["Content-Length"]) > 10
    assert content(answer) == b"" if answer.streaming else answer.content == b""


def test_any_accept_header_gets_the_picture(client):
    golden_article(golden_zone(audience="public"))
    answer = client.get(address(OPEN_IMAGE_ID), headers={"Accept": "image/avif,image/png"})
    assert answer.status_code == 200
    answer.close()
