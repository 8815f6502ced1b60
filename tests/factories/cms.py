"""Zones, articles, contributors and pictures for tests.

zone = ZonePageFactory(audience="hcp")
article = ArticlePageFactory(parent=zone)                    # published, by revision
draft = ArticlePageFactory(parent=zone, published=False, body=[paragraph("…"), figure("a")])
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import factory
from django.core.files.base import ContentFile
from PIL import Image

from cms.models import ArticleAuthor, ArticlePage, Contributor, HomePage, XinglinImage, ZonePage
from tests.factories.bodies import gate_line, paragraph, section


def home() -> HomePage:
    return HomePage.objects.order_by("path").first()


@cache
def picture(colour: str = "teal", size: tuple[int, int] = (1200, 900), form: str = "PNG") -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, form)
    return file.getvalue()


class ContributorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contributor

    name = factory.Sequence(lambda n: f"作者{n}")
    title = "主任医师"
    affiliation = "示例医院肿瘤科"


class XinglinImageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = XinglinImage

    class Params:
        colour = "teal"
        size = (1200, 900)

    title = factory.Sequence(lambda n: f"图片{n}")
    default_alt = "示意图"
    source = "示例医院"
    licence = "CC-BY-4.0"
    file = factory.LazyAttribute(lambda o: ContentFile(picture(o.colour, o.size), name="picture.png"))


class _PageFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    title = factory.Sequence(lambda n: f"页面{n}")
    slug = factory.Sequence(lambda n: f"page-{n}")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        parent = kwargs.pop("parent", None) or cls.default_parent()
        return parent.add_child(instance=model_class(**kwargs))


class ZonePageFactory(_PageFactory):
    class Meta:
        model = ZonePage

    title = factory.Sequence(lambda n: f"专区{n}")
    summary = "面向临床的内容"

    @staticmethod
    def default_parent() -> HomePage:
        return home()


class ArticlePageFactory(_PageFactory):
    """published=False: a draft with one revision. authors: contributors in the order of the byline."""

    class Meta:
        model = ArticlePage

    title = factory.Sequence(lambda n: f"文章{n}")
    summary = "摘要人人可读"
    body = factory.LazyFunction(
        lambda: [paragraph("引言人人可读"), gate_line(), section("治疗", paragraph("正文需通过门禁"))]
    )

    @staticmethod
    def default_parent() -> ZonePage:
        return ZonePageFactory()

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> ArticlePage:
        published = kwargs.pop("published", True)
        authors = kwargs.pop("authors", [])
        body = kwargs.pop("body")
        page = model_class(live=False, **{key: kwargs[key] for key in kwargs if key != "parent"})
        page.body = page.body.stream_block.to_python(body)
        page.byline.set([ArticleAuthor(contributor=author, sort_order=n) for n, author in enumerate(authors)])
        (kwargs.get("parent") or cls.default_parent()).add_child(instance=page)
        revision = page.save_revision()
        if published:
            revision.publish()
        return ArticlePage.objects.get(pk=page.pk)
