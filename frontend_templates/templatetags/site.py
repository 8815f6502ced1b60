"""Template tags of the site: names of states, sources of pictures, the menu of zones."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from api.zones import zone_list
from frontend_templates.addresses import own_path

register = template.Library()

# Characters that would end a script element or start another one inside JSON.
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
_CREATIVE_COMMONS = re.compile(r"^CC-(BY(?:-[A-Z]{2})*|0)-?(\d\.\d)?$", re.IGNORECASE)


@register.simple_tag(takes_context=True)
def zones_menu(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The zones for the bar at the top; those that the page has already loaded, if any."""
    return context["zones"] if "zones" in context else zone_list().data["items"]


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.simple_tag
def static_path(*parts: str) -> str:
    """The address of a static file whose name is computed."""
    return static("".join(parts))


@register.simple_tag
def next_query(path: str | None) -> str:
    """`?next=…` for a path of our own; empty without one."""
    return "?" + urlencode({"next": path}) if path else ""


@register.simple_tag(takes_context=True)
def sign_in_query(context: dict[str, Any]) -> str:
    """`?next=` this page, so that the sign-in returns here; the account's own pages pass on theirs."""
    request = context.get("request")
    if request is None or request.method != "GET":
        return ""
    if request.path.startswith("/accounts/"):
        return next_query(own_path(request.GET.get("next"), ""))
    return next_query(request.get_full_path())


@register.filter
def html_lang(code: str) -> str:
    """zh-hans → zh-Hans, the form of the lang attribute."""
    head, _sep, tail = code.partition("-")
    return f"{head}-{tail.title() if len(tail) == 4 else tail.upper()}" if tail else head


@register.filter
def og_locale(code: str) -> str:
    """zh-hans → zh_CN: OpenGraph knows countries, not scripts."""
    return "zh_CN" if code.lower() in ("zh-hans", "zh") else to_locale(code)


@register.filter
def section_number(line: dict[str, Any]) -> str:
    """The number in front of a heading: 一、 （一） 1. ; elsewhere 2.1 and a space."""
    number = str(line["number"])
    if not number or number.startswith("（"):
        return number
    if line["level"] == 1 and not number.isascii():
        return number + "、"
    return number + (". " if number.isdigit() and line["level"] > 1 else " ")


@register.filter
def srcset(image: dict[str, Any]) -> str:
    return ", ".join(f"{one['url']} {one['width']}w" for one in image["srcset"])


@register.filter
def largest(image: dict[str, Any]) -> str:
    """The address of the widest rendition, which opens on tap."""
    widest = max(image["srcset"], key=lambda one: one["width"], default=None)
    return widest["url"] if widest else image["url"]


@register.filter
def licence_name(licence: str) -> str:
    """CC-BY-4.0 → CC BY 4.0; anything else as it was given."""
    found = _CREATIVE_COMMONS.match(licence.strip())
    if not found:
        return licence
    return " ".join(part for part in ("CC", found[1].upper(), found[2]) if part)


@register.filter
def urlize_external(text: str) -> SafeString:
    """Text with its web addresses as links that send no referrer."""
    return mark_safe(str(urlize(text, nofollow=True, autoescape=True)))  # noqa: S308 - urlize has escaped it


@register.simple_tag
def teaser_json_ld(article: dict[str, Any]) -> SafeString:
    """schema.org MedicalScholarlyArticle from teaser members only; never from the body."""
    data = {
        "@context": "https://schema.org",
        "@type": "MedicalScholarlyArticle",
        "headline": article["title"],
        "description": article["summary"],
        "datePublished": article["date"],
        "inLanguage": html_lang(article.get("locale") or get_language() or ""),
        "isAccessibleForFree": article["audience"] == "public",
        "author": [
            {"@type": "Person" if one["kind"] == "person" else "Organization", "name": one["name"]}
            for one in article["byline"]
        ],
    }
    text = json.dumps(data, ensure_ascii=False).translate(_JSON_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


@register.filter
def locked_title(article: dict[str, Any]) -> str:
    """The heading above the gate: whom the rest of the text is for."""
    if article["audience"] == "hcp":
        return _("What follows is for verified healthcare professionals")
    return _("What follows is for registered readers")


@register.filter
def locked_action(locked: dict[str, Any]) -> str:
    """The label of the locked card's button."""
    if locked["reason"] == "pending_review" and locked["next_step"] is not None:
        return _("Answer the reviewer")
    return {
        "refused": _("Change my decision"),
        "withdrawn": _("Agree again"),
        "pending_review": _("See how it stands"),
        "rejected": _("See the reason and correct it"),
        "expired": _("Renew my access"),
        "revoked": _("See what happened"),
    }.get(str(locked["reason"]), _("Continue"))
