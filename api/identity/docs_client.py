"""The API documentation as a client of its own: the one that its "Authorize" button uses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.db import connection
from django.urls import reverse

from api.identity.addresses import LOOPBACK, absolute, base_url
from api.identity.clients import Kind, configure
from api.scopes import SCOPES

DOCS_CLIENT = "xinglin-api-docs"
NAME = "API 文档"


def redirect_addresses() -> list[str]:
    """Its redirect addresses; on a developer's machine under each name that the machine has."""
    own = absolute(reverse("api:docs_redirect"))
    host = urlsplit(base_url()).hostname
    if host not in LOOPBACK:
        return [own]
    names = [f"[{name}]" if ":" in name else name for name in sorted(LOOPBACK)]
    netloc = urlsplit(own).netloc
    port = netloc[netloc.rindex(":") :] if urlsplit(own).port else ""
    return [urlsplit(own)._replace(netloc=name + port).geturl() for name in names]


def keep_docs_client(**kwargs: Any) -> None:
    """After every `migrate`: create it with this site's present address, or delete it if switched off."""
    if Client._meta.db_table not in connection.introspection.table_names():
        return  # `migrate` was called for some apps only
    if not settings.XINGLIN_API_DOCS_SIGN_IN:
        Client.objects.filter(pk=DOCS_CLIENT).delete()
        return
    client = Client.objects.filter(pk=DOCS_CLIENT).first() or Client(pk=DOCS_CLIENT)
    client.name = NAME
    configure(
        client,
        kind=Kind.BROWSER,
        redirect_uris=redirect_addresses(),
        origins=[],
        granted=list(SCOPES),
        owner=None,
    )
    client.save()
