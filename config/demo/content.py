"""The demo's zones, contributors and articles. A second run finds everything and writes nothing."""

from __future__ import annotations

import io
import tomllib
import uuid
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from wagtail.models import Site

from cms.audiences import Audience
from cms.blocks.tables import grid
from cms.models import ArticlePage, Contributor, HomePage, SiteProfile, XinglinImage, ZonePage
from cms.models.articles import ArticleAuthor
from config.demo.pictures import PICTURES, draw_picture

ARTICLES = Path(__file__).parent / "articles"
# Identities are derived from names, so that each demo has the same addresses.
NAMESPACE = uuid.UUID("6f1d2c1e-7d0b-5a3f-9d5a-7c1b1f0e2a90")
LICENCE = "CC BY 4.0"
DRAWN_BY = "编辑部绘制"

ZONES = {
    "open": {
        "title": "公开课",
        "audience": Audience.PUBLIC,
        "summary": "写给所有人的医学方法与沟通课，无需登录即可阅读。",
    },
    "digestive": {
        "title": "消化专区",
        "audience": Audience.HCP,
        "summary": "面向医疗卫生专业人士的消化系疾病教学文章，通过身份认证后开放。",
    },
}
CONTRIBUTORS = {
    "editorial": {"kind": "organisation", "name": "示范医学编辑部"},
    "translation": {"kind": "organisation", "name": "示范医学编译组"},
    "nursing": {"kind": "organisation", "name": "示范护理教研室"},
    "centre": {"kind": "organisation", "name": "示范医学中心"},
    "lin": {"kind": "person", "name": "林示范", "title": "副主任医师", "affiliation": "示范医学中心消化科"},
    "zhao": {"kind": "person", "name": "赵示范", "title": "主任药师", "affiliation": "示范医学中心药学部"},
}


def identity(name: str) -> uuid.UUID:
    """The same uuid for the same name in every demo."""
    return uuid.uuid5(NAMESPACE, name)


def build_site() -> None:
    """Set the site's name, contacts and numbers in the footer; an existing profile is left alone."""
    profile, made = SiteProfile.objects.get_or_create(site=Site.objects.get(is_default_site=True))
    if not made:
        return
    profile.operator = "示范医学出版社（虚构）"
    profile.contact_email, profile.contact_phone = "contact@example.org", "010-0000-0000"
    profile.numbers = [
        ("number", {"label": "", "number": "京ICP备00000000号-1", "url": "https://beian.miit.gov.cn/"}),
        ("number", {"label": "", "number": "京公网安备00000000000000号", "url": "https://beian.mps.gov.cn/"}),
        (
            "number",
            {"label": "互联网药品信息服务资格证书编号", "number": "（京）-非经营性-0000-0000", "url": ""},
        ),
    ]
    profile.links = [
        ("link", {"label": "隐私政策", "url": "https://example.org/privacy"}),
        ("link", {"label": "服务协议", "url": "https://example.org/terms"}),
    ]
    profile.save()


def build_zones() -> dict[str, ZonePage]:
    """The zones by slug, published."""
    home = HomePage.objects.get()
    zones = {}
    for slug, facts in ZONES.items():
        zone = ZonePage.objects.filter(slug=slug).first()
        if zone is None:
            zone = ZonePage(slug=slug, uuid=identity(f"zone:{slug}"), locale=home.locale, **facts)
            home.add_child(instance=zone)
            zone.save_revision().publish()
        zones[slug] = zone
    return zones


def build_contributors() -> dict[str, Contributor]:
    """The contributors by their key in the article files."""
    return {
        key: Contributor.objects.get_or_create(name=facts["name"], defaults=facts)[0]
        for key, facts in CONTRIBUTORS.items()
    }


def build_pictures() -> dict[str, XinglinImage]:
    """The drawn figures by name, with their rights."""
    pictures = {}
    for name in PICTURES:
        image = XinglinImage.objects.filter(uuid=identity(f"picture:{name}")).first()
        if image is None:
            image = XinglinImage.objects.create(
                uuid=identity(f"picture:{name}"),
                title=f"示意图 {name}",
                file=ImageFile(io.BytesIO(draw_picture(name)), name=f"demo-{name}.png"),
                source=DRAWN_BY,
                licence=LICENCE,
            )
        pictures[name] = image
    return pictures


def build_articles() -> list[ArticlePage]:
    """The articles of `articles/*.toml`, published; those that exist are left alone."""
    zones, contributors, pictures = build_zones(), build_contributors(), build_pictures()
    built = []
    for path in sorted(ARTICLES.glob("*.toml")):
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        page = ArticlePage.objects.filter(uuid=identity(f"article:{facts['slug']}")).first()
        built.append(page or _publish(facts, zones[facts["zone"]], contributors, pictures))
    return built


def _publish(
    facts: dict[str, Any],
    zone: ZonePage,
    contributors: dict[str, Contributor],
    pictures: dict[str, XinglinImage],
) -> ArticlePage:
    own = {key: value for key, value in facts.items() if key not in {"zone", "authors", "body"}}
    page = ArticlePage(
        uuid=identity(f"article:{facts['slug']}"),
        locale=zone.locale,
        live=False,
        body=[_block(block, f"{facts['slug']}:{i}", pictures) for i, block in enumerate(facts["body"])],
        **own,
    )
    page.byline = [
        ArticleAuthor(contributor=contributors[key], sort_order=order)
        for order, key in enumerate(facts["authors"])
    ]
    zone.add_child(instance=page)
    page.save_revision().publish()
    return page


def _block(block: dict[str, Any], name: str, pictures: dict[str, XinglinImage]) -> dict[str, Any]:
    """The stored form (see cms.blocks) of one block of an article file; `name` gives it its identity."""
    return {
        "type": block["type"],
        "id": str(identity(f"block:{name}")),
        "value": _value(block, name, pictures),
    }


def _value(block: dict[str, Any], name: str, pictures: dict[str, XinglinImage]) -> Any:
    """The stored form of a kind's value in the file: a picture by its name, a table by its rows."""
    for whole in ("html", "items"):
        if whole in block:
            return block[whole]
    value = {
        key: fact for key, fact in block.items() if key not in {"type", "body", "picture", "head", "rows"}
    }
    if "body" in block:
        value["body"] = [_block(child, f"{name}:{i}", pictures) for i, child in enumerate(block["body"])]
    if "picture" in block:
        value |= {"image": pictures[block["picture"]].pk, "source": DRAWN_BY, "licence": LICENCE}
    if "rows" in block:
        value |= {"grid": grid([block["head"], *block["rows"]]), "head_rows": 1}
    return value or None
