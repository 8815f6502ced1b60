"""A page runs, styles and loads only our own files (the policy forbids anything else)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import frontend_templates
from tests.api.whole_article import ARTICLE_ID, golden_article
from tests.factories.cms import ZonePageFactory
from tests.frontend_templates.pages import get, soup

ROOT = Path(frontend_templates.__file__).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# doi.org and PubMed are where references lead; nothing is loaded from there.
LINKED = ("https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_have_no_inline_code_style_or_foreign_origin(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    for address in re.findall(r"https?://[^\"'\s]+", text):
        assert address.startswith(LINKED)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "static").rglob("*.*")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_static_files_name_no_foreign_origin(path):
    addresses = re.findall(r"https?://[^\"'\s)]+", path.read_text(encoding="utf-8"))
    assert [address for address in addresses if address != "http://www.w3.org/2000/svg"] == []


@pytest.mark.django_db
def test_a_page_brings_its_policy_and_loads_our_own_files(client):
    golden_article(ZonePageFactory(audience="public"))
    response = get(client, f"/articles/{ARTICLE_ID}/")
    page = soup(response)
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    loaded = [tag["src"] for tag in page.select("[src]")]
    loaded += [tag["href"] for tag in page.select("link[href]") if tag["rel"] != ["canonical"]]
    assert len(loaded) > 10
    assert all(address.startswith(("/static/", "/api/v1/")) for address in loaded)


@pytest.mark.django_db
def test_a_page_has_one_heading_a_language_and_a_way_past_the_bar(client):
    golden_article()
    for path in ("/", f"/articles/{ARTICLE_ID}/", "/search/", "/accounts/login/", "/accounts/signup/"):
        page = soup(get(client, path))
        assert len(page.select("h1")) == 1
        assert page.html["lang"] == "en"
        assert page.select_one("a.skip")["href"] == f"#{page.main['id']}"
        assert " ".join(page.title.text.split()).strip(" ·")
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids))
        for control in page.select("main input:not([type=hidden]), main select, main textarea"):
            assert page.find("label", attrs={"for": control["id"]})
        for image in page.find_all("img"):
            assert "alt" in image.attrs
