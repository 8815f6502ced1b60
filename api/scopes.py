"""The scopes of a bearer token. A session has the user's full rights and needs no scope."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

ARTICLES_READ = "articles:read"
SEARCH_READ = "search:read"
GATE_READ = "gate:read"
GATE_WRITE = "gate:write"
ACCOUNT_READ = "account:read"
ACCOUNT_WRITE = "account:write"
ACCOUNT_EXPORT = "account:export"
ACCOUNT_ERASE = "account:erase"

# Shown to the reader on the consent screen of /identity/o/authorize.
SCOPES = {
    ARTICLES_READ: _("Read the articles that you may read"),
    SEARCH_READ: _("Search in the articles that you may read"),
    GATE_READ: _("See how far you are in each zone's gate"),
    GATE_WRITE: _("Take steps of a zone's gate for you and hand in your verification"),
    ACCOUNT_READ: _("See your name, e-mail address and verification state"),
    ACCOUNT_WRITE: _("Correct your name, your language and your answers to questions"),
    ACCOUNT_EXPORT: _("Take out everything held about you, pictures of your credentials included"),
    ACCOUNT_ERASE: _("Have your account erased"),
}

# Every scope, in the order in which consent screens and the discovery document list it.
IN_ORDER = {
    "openid": _("Know that it is you, by a number that stands for your account"),
    "profile": _("See your name and language"),
    "email": _("See your e-mail address"),
    **SCOPES,
}


def in_order(scopes: Iterable[str]) -> list[str]:
    """Known scopes first, in their fixed order; others after them, by name."""
    places = {name: place for place, name in enumerate(IN_ORDER)}
    return sorted(set(scopes), key=lambda scope: (places.get(scope, len(places)), scope))
