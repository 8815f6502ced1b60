"""A kind of block that only this module knows goes the whole way: edited, refused, published, read, found."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail import blocks
from wagtail.admin.panels import get_edit_handler

from api.schema import document
from cms.blocks import ArticleBody, registry
from cms.blocks.kinds import BlockKind, plain, source_of
from cms.json_schema import HTML, list_of, text
from cms.models import ArticlePage, Publication
from frontend_templates.apps import check_block_templates
from search.requests import SearchRequest
from search.service import find
from search.sync import sync
from tests.api.golden import assert_shape
from tests.cms.page_form import post_data
from tests.factories.bodies import block, figure, paragraph, section
from tests.factories.cms import ArticlePageFactory, ZonePageFactory
from tests.factories.gate import UserFactory
from tests.frontend_templates.pages import get, main_of, soup

pytestmark = pytest.mark.django_db


class SpecimenBlock(BlockKind, blocks.StructBlock):
    """A pathological specimen. Stored: {"name": str, "finding": rich text, "stains": [str]}."""

    kind = "specimen"
    schema_description = "A specimen and what was seen."
    schema = {"name": text(), "html": HTML, "stains": list_of(text())}

    name = blocks.CharBlock(label="名称", max_length=100)
    finding = blocks.RichTextBlock(label="所见", required=False)
    stains = blocks.ListBlock(blocks.CharBlock(label="染色"))

    class Meta:
        label = "标本"

    def api_form(self, value, rendering):
        return {
            "name": rendering.text(value["name"]),
            "html": rendering.html(source_of(value["finding"])),
            "stains": [rendering.text(stain) for stain in value["stains"]],
        }

    def texts(self, value):
        yield "name", value["name"] or ""
        yield "finding", source_of(value["finding"])
        yield from (("stains", stain or "") for stain in value["stains"])

    def passages(self, form):
        yield from (form["name"], plain(form["html"]), *form["stains"])


TEMPLATE = """<div class="specimen" id="b-{{ block.id }}"><b>{{ block.name }}</b>{{ block.html|safe }}
{% for stain in block.stains %}<i>{{ stain }}</i>{% endfor %}</div>"""


@pytest.fixture
def registered(monkeypatch, settings, tmp_path):
    """The line in the registry and the template; Wagtail and the API are asked anew."""
    field = ArticlePage._meta.get_field("body")
    template = tmp_path / "frontend_templates" / "blocks" / "specimen.html"
    template.parent.mkdir(parents=True)
    template.write_text(TEMPLATE, encoding="utf-8")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    monkeypatch.setattr(registry, "KINDS", (*registry.KINDS, SpecimenBlock))
    body = ArticleBody()
    body.set_meta_options(field.block_opts)
    monkeypatch.setitem(field.__dict__, "stream_block", body)
    get_edit_handler.cache_clear()
    document.cache_clear()
    yield
    get_edit_handler.cache_clear()
    document.cache_clear()


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(is_superuser=True))
    return client


def specimen(finding: str, **values):
    value = {"name": "右上肺叶", "finding": f"<p>{finding}</p>", "stains": ["苏木精", "伊红"]}
    return block("specimen", value | values, "specimen")


def draft(finding: str = "待查", **values) -> ArticlePage:
    body = [paragraph("引言"), section("病理", specimen(finding, **values), figure("slide"))]
    zone = ZonePageFactory(slug="pathology", audience="public")
    return ArticlePageFactory(parent=zone, published=False, body=body)


def address(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def publish(admin, page):
    return admin.post(address(page), post_data(page) | {"action-publish": "1"})


def reload(page) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def test_it_is_edited_and_saved_in_the_admin(registered, admin):
    page = draft()
    form = soup(admin.get(address(page))).find(attrs={"data-w-block-data-value": True})
    assert "specimen" in form["data-w-block-data-value"]
    assert admin.post(address(page), post_data(page)).status_code == 302
    stored = reload(page).get_latest_revision_as_object().body.raw_data[1]["value"]["body"][0]
    assert stored["value"]["stains"][0]["value"] == "苏木精"


@pytest.mark.parametrize(
    ("value", "field"),
    [({"name": "[图:gone]"}, "name"), ({"finding": "[图:gone]"}, "finding")],
)
def test_publishing_refuses_its_dead_reference_and_names_the_place(registered, admin, value, field):
    page = draft(**value)
    response = publish(admin, page)
    assert response.status_code == 200
    form = response.context["form"]
    (problem,) = [error for error in form.non_field_errors() if "[图:gone]" in error]
    assert problem.startswith("第一节 › ")
    assert "标本" in problem
    errors = form.errors["body"].as_data()[0].as_json_data()
    inner = errors["blockErrors"][1]["blockErrors"]["body"]["blockErrors"][0]
    assert list(inner["blockErrors"]) == [field]
    assert not reload(page).live
    assert not Publication.objects.exists()


def test_it_is_published_and_read_and_found(registered, admin, client):
    page = draft("见[图:slide]，腺癌细胞呈贴壁生长")
    assert publish(admin, page).status_code == 302
    answer = client.get(f"/api/v1/articles/{page.uuid}").json()
    assert_shape(answer, "Article")
    sent = answer["body"][1]["body"][0]
    assert sent["type"] == "specimen"
    assert sent["html"] == '<p>见<a href="#fig-slide">图1</a>，腺癌细胞呈贴壁生长</p>'
    assert sent["stains"] == ["苏木精", "伊红"]
    sync()
    for query in ("贴壁生长", "苏木精"):
        assert [hit.article_id for hit in find(SearchRequest(query, frozenset())).hits] == [page.uuid]
    shown = main_of(get(client, f"/articles/{page.uuid}/")).select_one(".specimen")
    assert "贴壁生长" in shown.text
    assert [stain.text for stain in shown.select("i")] == ["苏木精", "伊红"]


def test_its_text_counts_as_reading_time(registered, admin):
    short, long = draft("短"), None
    assert publish(admin, short).status_code == 302
    long = ArticlePageFactory(parent=short.get_parent().specific, body=[specimen("长" * 1300)])
    minutes = {
        str(row.article_id): json.loads(row.teaser)["reading_minutes"] for row in Publication.objects.all()
    }
    assert (minutes[str(short.uuid)], minutes[str(long.uuid)]) == (1, 4)


def test_the_schema_and_the_openapi_document_know_it(registered):
    schemas = document()["components"]["schemas"]
    assert {"$ref": "#/components/schemas/SpecimenBlock"} in schemas["Block"]["oneOf"]
    assert schemas["SpecimenBlock"]["properties"]["type"] == {"const": "specimen"}
    assert check_block_templates(None) == []


def test_afterwards_nothing_is_left_of_it():
    assert "specimen" not in ArticlePage._meta.get_field("body").stream_block.child_blocks
    assert "SpecimenBlock" not in document()["components"]["schemas"]
    assert get_user_model().objects.count() == 0
