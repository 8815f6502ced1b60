"""The site's own facts as pages, mails and receipts show them: one query, and once for each request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from cms.colours import DARK, LIGHT, tokens
from cms.models import SiteProfile

if TYPE_CHECKING:
    from django.http import HttpRequest

    from cms.models import XinglinImage

REQUEST_ATTRIBUTE = "_xinglin_site_facts"
LOGO_FILTER = "max-480x160"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the footer; `url` may be empty."""

    label: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """`version` changes with every change of mark or colours: it goes into their addresses."""

    name: str
    operator: str
    notice: str
    email: str
    phone: str
    address: str
    numbers: tuple[Number, ...]
    links: tuple[Link, ...]
    logo: XinglinImage | None
    accents: tuple[str, str]
    version: str

    @property
    def has_colours(self) -> bool:
        return any(self.accents)


def site_facts() -> SiteFacts:
    """The facts of the default site; one query. Fields that are not set have their defaults."""
    row = (
        SiteProfile.objects.select_related("logo").filter(site__is_default_site=True).first() or SiteProfile()
    )
    logo = row.logo if row.logo_id is not None else None
    return SiteFacts(
        name=row.name or _("Xinglin"),
        operator=row.operator,
        notice=row.notice,
        email=row.contact_email,
        phone=row.contact_phone,
        address=row.contact_address,
        numbers=tuple(Number(**_texts(block.value, "label", "number", "url")) for block in row.numbers),
        links=tuple(Link(**_texts(block.value, "label", "url")) for block in row.links),
        logo=logo,
        accents=(row.accent, row.accent_dark),
        version=f"{row.logo_id or 0}-{row.accent[1:]}-{row.accent_dark[1:]}",
    )


@dataclass(frozen=True, slots=True)
class NamedSite:
    """Like the site of django.contrib.sites, for libraries that show one (allauth)."""

    name: str
    domain: str


def named_site() -> NamedSite:
    """The site by its name alone: a bare address, or the Host header, means nothing to a reader."""
    name = site_facts().name
    return NamedSite(name, name)


def facts_of(request: HttpRequest | None) -> SiteFacts:
    """site_facts(), read once for each request."""
    known: SiteFacts | None = getattr(request, REQUEST_ATTRIBUTE, None)
    if known is None:
        known = site_facts()
        if request is not None:
            setattr(request, REQUEST_ATTRIBUTE, known)
    return known


def controller() -> dict[str, str]:
    """The controller of the personal data: as set in the admin, else settings.XINGLIN_CONTROLLER."""
    facts = site_facts()
    stated = {"name": facts.operator, "email": facts.email, "address": facts.address}
    return settings.XINGLIN_CONTROLLER | {name: value for name, value in stated.items() if value}


def stylesheet(facts: SiteFacts) -> str:
    """CSS that replaces the accent of tokens.css; empty where no colour is set."""
    light, dark = facts.accents
    parts = []
    if light:
        parts.append(_rule(tokens(light, LIGHT)))
    if dark:
        parts.append(f"@media (prefers-color-scheme: dark) {{\n{_rule(tokens(dark, DARK))}}}\n")
    elif light:  # the accent for light pages does not determine the one for dark pages
        parts[0] = f"@media not (prefers-color-scheme: dark) {{\n{parts[0]}}}\n"
    return "".join(parts)


def _rule(made: dict[str, str]) -> str:
    return ":root {\n" + "".join(f"  --{name}: {value};\n" for name, value in made.items()) + "}\n"


def _texts(value: Any, *names: str) -> dict[str, str]:
    return {name: str(value.get(name) or "") for name in names}
