"""Every address of the project: those that could carry an article's text, and why the others could not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

from cms.models import ArticlePage, ZonePage
from tests.api.whole_article import GATED_IMAGE_ID, OPEN_IMAGE_ID, WORD


@dataclass(frozen=True)
class World:
    """A gated zone with one article whose text behind the gate line holds CANARY."""

    zone: ZonePage
    article: ArticlePage


def surfaces(world: World) -> dict[str, list[str]]:
    """By route, the addresses under which readers could look for the canary."""
    slug, article = world.zone.slug, world.article.uuid
    image = f"/api/v1/articles/{article}/images"
    word = quote(WORD)
    return {
        "api/v1/zones": ["/api/v1/zones"],
        "api/v1/zones/<str:slug>": [f"/api/v1/zones/{slug}"],
        "api/v1/articles": ["/api/v1/articles", f"/api/v1/articles?zone={slug}&limit=1"],
        "api/v1/articles/<uuid:article_id>": [f"/api/v1/articles/{article}"],
        "api/v1/articles/<uuid:article_id>/images/<uuid:image_id>/<int:width>": [
            f"{image}/{image_id}/{width}"
            for image_id in (OPEN_IMAGE_ID, GATED_IMAGE_ID)
            for width in (400, 800, 1600)
        ],
        "api/v1/gate/zones/<str:slug>": [
            f"/api/v1/gate/zones/{slug}",
            f"/api/v1/gate/zones/{slug}?audience=public",
        ],
        "api/v1/gate/verification": ["/api/v1/gate/verification"],
        "api/v1/search": [
            f"/api/v1/search?q={word}",
            f"/api/v1/search?q={quote('监测')}",
            f"/api/v1/search?q={quote('监测')}{word}&zone={slug}&size=50",
        ],
        "api/v1/me": ["/api/v1/me"],
        "api/v1/me/export": ["/api/v1/me/export"],
        "api/v1/me/erasure": ["/api/v1/me/erasure"],
        r"api/v1/^[\s\S]*\Z": [f"/api/v1/articles/{article}/", f"/api/v1/articles/{article}.json"],
        "": ["/"],
        "zones/<str:slug>/": [f"/zones/{slug}/"],
        "articles/<uuid:article_id>/": [f"/articles/{article}/"],
        "search/": [f"/search/?q={word}", f"/search/?q={quote('监测')}", f"/search/?q={word}&zone={slug}"],
        "me/": ["/me/"],
        "me/data/": ["/me/data/"],
        "me/data/erasure/": ["/me/data/erasure/"],
        "gate/verification/": ["/gate/verification/"],
        "gate/<str:slug>/": [f"/gate/{slug}/", f"/gate/{slug}/?next=/articles/{article}/"],
    }


# Addresses that show nothing of any article. A new address must go to one of the two lists.
NO_ARTICLE_TEXT = {
    "healthz": "says whether parts are up",
    "readyz": "says whether parts are up",
    "^admin/password_reset/": "leads to allauth",
    "api/v1/docs/oauth2-redirect": "made from code alone",
    "api/v1/me/answers": "the person's own answers; no article",
    "api/v1/me/answers/<uuid:answers_id>/correction": "POST only; the person's own answers",
    "me/data/answers/<uuid:answers_id>/": "the person's own answers; no article",
    "api/v1/schema": "made from code alone",
    "api/v1/docs": "made from code alone",
    "api/v1/problems": "made from code alone",
    "api/v1/problems/<str:code>": "made from code alone",
    "api/v1/gate/zones/<str:slug>/steps/<int:step_id>": "POST only; answers with the gate's state",
    "gate/<str:slug>/steps/<int:step_id>/": "POST only; redirects to the gate",
    "gate/verification/consent/": "POST only; about the person's own request",
    "gate/verification/answer/": "POST only; about the person's own request",
    "gate/verification/appeal/": "about the person's own request",
    "api/v1/gate/verification/consent": "POST only; about the person's own request",
    "api/v1/gate/verification/answer": "POST only; about the person's own request",
    "api/v1/gate/verification/appeal": "POST only; about the person's own request",
    "me/consents/<uuid:consent_id>/": "about agreements; nobody else's",
    "me/consents/<uuid:consent_id>/withdraw/": "POST only; about agreements",
    "consent-receipts/verify/": "says only what the given receipt says",
    "api/v1/me/consents": "about agreements",
    "api/v1/me/consents/<uuid:consent_id>/receipt": "about agreements; nobody else's",
    "api/v1/me/consents/<uuid:consent_id>/withdrawal": "POST only; about agreements",
    "api/v1/consent-receipts/verify": "says only what the given receipt says",
    "me/mails/": "POST only; redirects",
    "brand/colours.css": "the site's colours",
    "brand/mark/": "the site's mark, which staff chose to show everyone",
    "me/data/export/": "POST only; a person's own data, no article",
    "me/data/erasure/confirm/": "POST only; redirects",
    "accounts/": "allauth: signing in and out",
    ".well-known/": "allauth: the OpenID Connect provider's metadata",
    "identity/": "allauth: the OpenID Connect provider",
    "admin/": "walked by test_admin.py",
    "^media/": "walked by test_media.py",
}


def routes() -> Iterator[tuple[str, URLPattern]]:
    """(the whole route, its pattern) of every address of the project."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route, pattern

    return walk(get_resolver().url_patterns, "")


def variants(address: str) -> list[str]:
    """Other spellings of an address that a server, proxy or framework might take for the same thing."""
    path, _, query = address.partition("?")
    joined = f"{query}&" if query else ""
    return [
        path + "/",
        path.rstrip("/"),
        path + "%0A",
        path + ".json",
        path + ".css",
        path + "%00",
        "/" + path,
        path.replace("/articles", "//articles"),
        path.upper(),
        path + ";a=b",
        f"{path}?{joined}format=json",
        f"{path}?{joined}fields=*",
        f"{path}?{joined}expand=body&include=full_document",
        f"{path}?{joined}_method=GET&preview=1",
    ]
