"""What every kind of block owes the other rooms; each test runs over the registry, new kinds included."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.core.management import call_command
from django.utils import translation
from wagtail.blocks import Block, ListBlock, StreamBlock

import cms.blocks
from api.shapes.articles import block_shapes
from cms.blocks import registry
from cms.blocks.kinds import BlockKind, plain
from cms.documents import Outline
from cms.publish_rules import problems
from frontend_templates.apps import check_block_templates
from frontend_templates.templatetags.blocks import blocks
from search.article_text import block_passages
from tests.api.golden import assert_shape
from tests.factories.bodies import block, filled
from tests.factories.cms import ArticlePageFactory, XinglinImageFactory
from tests.test_architecture import ROOT, product_modules

pytestmark = pytest.mark.django_db

KINDS = registry.kinds()
SENT = [kind.kind for kind in registry.sent_kinds()]
# Stated beside a text, and nothing that a reader searches for.
NO_TEXT = {"type", "id", "anchor", "licence", "doi", "pmid", "url", "tone", "number", "label", "level"}
# The gate's own steps and an example of a whole body say these words in another sense.
OTHER_MEANINGS = {
    "api/gate_json.py": {"steps"},
    "api/articles.py": {"steps"},
    "api/shapes/gate.py": {"steps"},
    "api/shapes/gate_examples.py": {"steps"},
    "api/shapes/examples.py": {"paragraph"},
}


def article_of(name: str, mark: str):
    """(draft with one filled block of the kind, how many texts were filled in)."""
    count = itertools.count(1)
    value = filled(KINDS[name], lambda: f"{mark}{next(count)}号")
    draft = ArticlePageFactory(published=False, body=[block(name, value, name)])
    return draft, next(count) - 1


def form_of(name: str, mark: str) -> dict:
    draft, _texts = article_of(name, mark)
    return Outline(draft).document()["body"][0]


def texts_of(form: object, name: str = "") -> list[str]:
    if isinstance(form, dict):
        return [text for key, inner in form.items() for text in texts_of(inner, key)]
    if isinstance(form, list):
        return [text for inner in form for text in texts_of(inner, name)]
    return [form] if isinstance(form, str) and name not in NO_TEXT else []


def test_names_are_unique_and_fit_an_address_and_a_file():
    names = [kind.kind for kind in registry.KINDS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert all(issubclass(kind, BlockKind) for kind in registry.KINDS)


def test_every_kind_that_a_module_defines_is_registered():
    modules = [import_module(f"cms.blocks.{module.name}") for module in iter_modules(cms.blocks.__path__)]
    defined = {
        one.kind
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BlockKind) and one is not BlockKind
    }
    assert defined == set(KINDS)


def test_the_migrations_know_the_kinds():
    """Without one, `manage.py makemigrations cms` writes it."""
    call_command("makemigrations", "cms", check=True, dry_run=True, verbosity=0)


def labels_of(one: Block) -> Iterator[str]:
    yield str(one.label)
    for child in getattr(one, "child_blocks", {}).values():
        # The kinds in a section come by themselves.
        if not isinstance(child, StreamBlock):
            yield from labels_of(child)
    if isinstance(one, ListBlock):
        yield from labels_of(one.child_block)


@pytest.mark.parametrize("name", list(KINDS))
def test_editors_read_its_labels_in_chinese(name):
    with translation.override("zh-hans"):
        texts = {*labels_of(KINDS[name]), str(KINDS[name].meta.description)} - {"DOI", "PMID"}
        assert [text for text in texts if not re.search("[一-鿿]", text)] == []


@pytest.mark.parametrize("name", SENT)
def test_its_form_has_the_shape_that_its_schema_promises(name):
    assert_shape(form_of(name, "标记"), "Block")
    assert_shape(form_of(name, "标记"), KINDS[name].schema_name())


@pytest.mark.parametrize("name", SENT)
def test_every_text_that_readers_see_is_found_by_the_search(name):
    form = form_of(name, "标记")
    marks = set(re.findall(r"标记\d+号", " ".join(texts_of(form))))
    assert marks
    passages = "\n".join(block_passages(form))
    assert {mark for mark in marks if mark not in passages} == set()
    assert "<" not in passages


@pytest.mark.parametrize("name", SENT)
def test_every_dead_reference_that_would_be_rendered_is_refused(name):
    draft, _texts = article_of(name, "见[图:nowhere]")
    rendered = json.dumps(Outline(draft).document()["body"], ensure_ascii=False).count("见图?")
    assert [problem.code for problem in problems(draft)].count("unknown_reference") == rendered


@pytest.mark.parametrize("name", SENT)
def test_what_is_read_counts_as_time_and_is_part_of_the_form(name):
    form = form_of(name, "标记")
    members = {plain(text) for text in texts_of(form)}
    assert {plain(text) for text in KINDS[name].reading_texts(form)} <= members


def pictures_in(form: object) -> list[dict]:
    if isinstance(form, dict) and "srcset" in form:
        return [form]
    inner = form.values() if isinstance(form, dict) else form if isinstance(form, list) else []
    return [picture for one in inner for picture in pictures_in(one)]


@pytest.mark.parametrize("name", SENT)
def test_the_pictures_that_it_shows_are_those_that_readers_and_editors_may_open(name):
    image = XinglinImageFactory()
    stored = block(name, filled(KINDS[name], lambda: "标记", image.pk), name)
    form = Outline(ArticlePageFactory(published=False, body=[stored])).document()["body"][0]
    assert list(KINDS[name].pictures(form)) == pictures_in(form)
    assert set(registry.stored_pictures([stored])) == ({image.pk} if pictures_in(form) else set())


def test_every_kind_has_its_template(monkeypatch):
    assert check_block_templates(None) == []

    class Untold(registry.ReferencesBlock):
        kind = "untold"

    monkeypatch.setattr(registry, "KINDS", (*registry.KINDS, Untold))
    (error,) = check_block_templates(None)
    assert (error.id, "blocks/untold.html" in error.hint) == ("frontend_templates.E001", True)


@pytest.mark.parametrize("name", SENT)
def test_the_site_shows_every_passage(name):
    form = form_of(name, "标记")
    shown = blocks([form], article={})
    marks = re.findall(r"标记\d+号", "\n".join(block_passages(form)))
    # A picture that is not there has no place for its alternative text.
    hidden = re.findall(r"标记\d+号", form["alt"]) if "alt" in form and not form["image"] else []
    assert [mark for mark in marks if mark not in shown] == hidden


def test_the_openapi_document_lists_the_kinds_in_their_order():
    named = [one["$ref"].rpartition("/")[2] for one in block_shapes()["Block"]["oneOf"]]
    assert named == [kind.schema_name() for kind in registry.sent_kinds()]


def test_no_module_outside_the_kinds_names_one():
    """Rooms that list kinds forget the next one: they ask the registry."""
    found = {}
    for path in product_modules():
        place = str(path.relative_to(ROOT))
        # What an importer recognises is text, which it turns into the stored form of the kinds it knows.
        if place.startswith(("cms/blocks/", "exchange/importing/", "gate/")):
            continue
        constants = {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        if named := constants & set(KINDS) - OTHER_MEANINGS.get(place, set()):
            found[place] = named
    assert found == {}


def test_no_template_asks_for_the_kind_of_a_block():
    templates = ROOT / "frontend_templates" / "templates"
    asking = [path.name for path in templates.rglob("*.html") if "block.type" in path.read_text("utf-8")]
    assert asking == []
