"""The matrix: each subject at each surface. The canary sings for those who may read."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, UnidentifiedImageError

from cms.models import ArticlePage
from cms.selectors import head_of
from tests.api.whole_article import CANARY, GATED_IMAGE_ID, WORD
from tests.security.subjects import LOCKED_OUT, READERS, Subject
from tests.security.surfaces import NO_ARTICLE_TEXT, World, routes, surfaces, variants

pytestmark = pytest.mark.django_db

CANARIES = [
    CANARY,
    CANARY.encode("unicode_escape").decode(),  # as JSON with escapes would write it
    "".join(f"&#{ord(character)};" for character in CANARY),
]


# The picture behind the gate line is the only one of this colour (tests/api/whole_article.py).
CANARY_COLOUR = (128, 0, 0)


def body_of(answer) -> bytes:
    """The body, also of an answer that streams, which gives it once."""
    if answer.streaming and not hasattr(answer, "read_body"):
        answer.read_body = b"".join(answer.streaming_content)
    return answer.read_body if answer.streaming else answer.content


def shows_the_picture(answer) -> bool:
    """True when the body is the gated picture in any size and format."""
    if not answer.get("Content-Type", "").startswith("image/"):
        return False
    try:
        with Image.open(BytesIO(body_of(answer))) as picture:
            seen = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))
    except UnidentifiedImageError:  # an SVG of the admin's own
        return False
    return all(abs(one - other) < 12 for one, other in zip(seen, CANARY_COLOUR, strict=True))


def told(answer) -> str:
    """Everything a client gets: status line, headers and body."""
    body = body_of(answer)
    return "\n".join(
        [str(answer.status_code), *map(str, answer.headers.items()), body.decode("utf-8", "replace")]
    )


def assert_silent(answer, digest: str, place: str) -> None:
    text = told(answer)
    assert answer.status_code < 500, place
    for canary in CANARIES:
        assert canary not in text, place
    assert digest not in text, place
    assert not shows_the_picture(answer), place


@pytest.fixture
def digest(world):
    return head_of(world.article.uuid).publication.digest


@pytest.mark.parametrize("make", LOCKED_OUT.values(), ids=LOCKED_OUT)
def test_whom_the_gate_does_not_admit_nothing_tells(make, world: World, digest, caplog):
    subject: Subject = make(world.zone)
    caplog.clear()
    for addresses in surfaces(world).values():
        for address in addresses:
            assert_silent(subject.get(address), digest, address)
    assert CANARY not in caplog.text
    assert subject.get(f"/api/v1/articles/{world.article.uuid}").json()["locked"] is not None
    assert_counts_tell_nothing(subject, world)


def assert_counts_tell_nothing(subject: Subject, world: World) -> None:
    found = subject.get(f"/api/v1/search?q={WORD}").json()
    assert (found["total"], found["pages"], found["items"]) == (0, 0, [])
    with_canary = subject.get(f"/api/v1/search?q=监测+{WORD}").json()
    with_nonsense = subject.get("/api/v1/search?q=监测+琥珀鲸").json()
    assert with_canary["total"] == with_nonsense["total"]
    listed = subject.get("/api/v1/articles").json()["items"]
    assert [item["readable"] for item in listed if item["id"] == str(world.article.uuid)] == [False]


@pytest.mark.parametrize(
    "make", [LOCKED_OUT["anonymous"], LOCKED_OUT["registered"]], ids=["anonymous", "registered"]
)
def test_no_spelling_header_or_method_gets_around_the_gate(make, world: World, digest):
    subject = make(world.zone)
    for addresses in surfaces(world).values():
        for variant in variants(addresses[0]):
            assert_silent(subject.get(variant), digest, variant)
    image = f"/api/v1/articles/{world.article.uuid}/images/{GATED_IMAGE_ID}/400"
    for address in (f"/api/v1/articles/{world.article.uuid}", f"/articles/{world.article.uuid}/", image):
        for headers in (
            {"Range": "bytes=0-100000"},
            {"If-None-Match": f'"{digest}"'},
            {"If-None-Match": "*"},
            {"If-Modified-Since": "Wed, 21 Oct 2037 07:28:00 GMT"},
            {"X-HTTP-Method-Override": "PUT"},
            {"X-Original-URL": f"/admin/pages/{world.article.pk}/edit/"},
            {"Accept": "text/html"},
            {"HX-Request": "true"},
        ):
            answer = subject.get(address, **headers)
            assert answer.status_code != 304, (address, headers)
            assert_silent(answer, digest, f"{address} {headers}")
        for method in ("head", "options", "put", "patch", "delete", "trace"):
            answer = getattr(subject.client, method)(address)
            assert_silent(answer, digest, f"{method} {address}")


@pytest.mark.parametrize("make", READERS.values(), ids=READERS)
def test_whom_the_gate_admits_everything_opens(make, world: World):
    """The matrix is worth something only when the canary sings for those who may hear it."""
    subject: Subject = make(world.zone)
    article = subject.get(f"/api/v1/articles/{world.article.uuid}")
    assert article.json()["locked"] is None
    assert article.content.decode().count(CANARY) >= 10
    assert article["Cache-Control"] == "private, no-store"
    image = subject.get(f"/api/v1/articles/{world.article.uuid}/images/{GATED_IMAGE_ID}/400")
    assert image.status_code == 200
    assert image["Cache-Control"] == "private, no-store"
    assert shows_the_picture(image)
    image.close()
    found = subject.get(f"/api/v1/search?q={WORD}").json()
    assert found["total"] == 1
    assert CANARY in found["items"][0]["excerpt_html"]
    if not subject.headers:  # the site knows sessions only
        assert CANARY in told(subject.get(f"/articles/{world.article.uuid}/"))
        assert CANARY in told(subject.get(f"/search/?q={WORD}"))


@pytest.mark.parametrize("make", READERS.values(), ids=READERS)
def test_no_shared_cache_may_keep_what_a_reader_got(make, world: World):
    subject = make(world.zone)
    for addresses in surfaces(world).values():
        for address in addresses:
            answer = subject.get(address)
            if CANARY in told(answer):
                assert "no-store" in answer["Cache-Control"], address
                assert "private" in answer["Cache-Control"], address
                assert "ETag" not in answer, address


def test_a_reader_who_is_locked_out_is_so_everywhere_with_the_next_request(world: World):
    subject = READERS["admitted"](world.zone)
    assert CANARY in told(subject.get(f"/articles/{world.article.uuid}/"))
    subject.user.admissions.update(expires_at="2020-01-01T00:00:00Z")
    digest = head_of(world.article.uuid).publication.digest
    for addresses in surfaces(world).values():
        for address in addresses:
            assert_silent(subject.get(address), digest, address)


def test_an_article_that_is_unpublished_is_gone_before_the_answer(world: World):
    subject = READERS["admitted"](world.zone)
    world.article.unpublish()
    for addresses in surfaces(world).values():
        for address in addresses:
            assert_silent(subject.get(address), "no digest", address)
    assert subject.get(f"/api/v1/articles/{world.article.uuid}").status_code == 404
    assert subject.get(f"/api/v1/search?q={WORD}").json()["total"] == 0


def test_an_article_that_is_tightened_is_closed_before_the_answer(world: World):
    anonymous = LOCKED_OUT["anonymous"](world.zone)
    world.zone.audience = "public"
    world.zone.save_revision().publish()
    assert CANARY in told(anonymous.get(f"/articles/{world.article.uuid}/"))
    assert anonymous.get(f"/api/v1/articles/{world.article.uuid}")["Cache-Control"] == "public, max-age=60"
    article = ArticlePage.objects.get(pk=world.article.pk)
    article.audience = "hcp"
    article.save_revision().publish()
    digest = head_of(article.uuid).publication.digest
    for addresses in surfaces(world).values():
        for address in addresses:
            assert_silent(anonymous.get(address), digest, address)


def test_every_address_is_in_the_matrix_or_known_to_carry_no_text(world: World):
    known = surfaces(world)
    unknown = [
        route
        for route, _pattern in routes()
        if route not in known
        and route not in NO_ARTICLE_TEXT
        and not any(route.startswith(prefix) for prefix in NO_ARTICLE_TEXT if prefix.endswith("/"))
    ]
    assert unknown == []


def test_the_matrix_holds_no_address_that_is_gone(world: World):
    existing = {route for route, _pattern in routes()}
    assert set(surfaces(world)) <= existing
    for prefix in NO_ARTICLE_TEXT:
        assert any(route.startswith(prefix) for route in existing), prefix
