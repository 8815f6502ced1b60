"""What this site is called: on pages, in mails, in authenticator apps. The one place that answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings


def site_name() -> str:
    """The configured name; never a host name."""
    return str(settings.WAGTAIL_SITE_NAME)


@dataclass(frozen=True, slots=True)
class NamedSite:
    """Like the site of django.contrib.sites, for libraries that show one (allauth)."""

    name: str
    domain: str


def named_site() -> NamedSite:
    """The site by its name alone: a bare address says nothing to a reader."""
    return NamedSite(site_name(), site_name())
