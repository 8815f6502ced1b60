"""Registered clients (front ends and services): their kinds, and the services that write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from allauth.idp.oidc.models import Client, Token
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from api import scopes
from api.identity.addresses import is_loopback
from api.identity.secrets import new_secret, replace_secret
from gate.models import AuditEvent

if TYPE_CHECKING:
    from gate.models import User

Action, Grant = AuditEvent.Action, Client.GrantType
FOR_PEOPLE = ("openid", "profile", "email")
# A service reads texts; personal data is for clients in which users sign in.
FOR_SERVICES = (scopes.ARTICLES_READ, scopes.SEARCH_READ, scopes.GATE_READ)


class Kind(models.TextChoices):
    """Where the client runs decides whether it can keep a secret and for whom it acts."""

    BROWSER = "browser", _("App in a browser or on a device: readers sign in, no secret")
    SERVER = "server", _("App on a server: readers sign in, with a secret")
    SERVICE = "service", _("Service that reads on its own account, with a secret")


def kind_of(client: Client) -> Kind:
    """The kind of a registered client."""
    if Grant.CLIENT_CREDENTIALS in client.get_grant_types():
        return Kind.SERVICE
    return Kind.BROWSER if client.type == Client.Type.PUBLIC else Kind.SERVER


def is_for_development(client: Client) -> bool:
    """Whether its addresses are on a developer's own machine."""
    return any(is_loopback(address) for address in [*client.get_redirect_uris(), *client.get_cors_origins()])


def configure(
    client: Client,
    *,
    kind: Kind,
    redirect_uris: Sequence[str],
    origins: Sequence[str],
    granted: Sequence[str],
    owner: User | None,
) -> None:
    """Set kind, addresses and scopes of the (unsaved) client. `granted`: of api.scopes.SCOPES."""
    service = kind == Kind.SERVICE
    client.type = Client.Type.PUBLIC if kind == Kind.BROWSER else Client.Type.CONFIDENTIAL
    client.owner = owner if service else None
    client.set_redirect_uris([] if service else list(redirect_uris))
    client.set_cors_origins([] if service else list(origins))
    client.set_scopes(scopes.in_order(granted if service else [*FOR_PEOPLE, *granted]))
    client.set_grant_types(
        [Grant.CLIENT_CREDENTIALS] if service else [Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN]
    )
    client.set_response_types(["code"])


@transaction.atomic
def register(client: Client, *, by: User | None) -> str:
    """Save a configured client. Returns its secret (unused by public clients), which is not shown again."""
    secret = new_secret()
    client.set_secret(secret)
    client.full_clean()
    client.save()
    _record(Action.CLIENT_CREATED, client, by)
    return secret


@transaction.atomic
def change(client: Client, *, by: User) -> None:
    """Save a client after `configure`. Tokens lose the scopes that it may no longer request."""
    client.full_clean()
    client.save()
    allowed = set(client.get_scopes())
    for token in Token.objects.filter(client=client).exclude(type=Token.Type.AUTHORIZATION_CODE):
        kept = [scope for scope in token.get_scopes() if scope in allowed]
        if kept != token.get_scopes():
            token.set_scopes(kept)
            token.save(update_fields=["scopes"])
    if kind_of(client) == Kind.SERVICE:
        Token.objects.filter(client=client).delete()  # it requests new ones, in the name of the new account
    _record(Action.CLIENT_CHANGED, client, by)


@transaction.atomic
def give_new_secret(client: Client, *, by: User, end_former: bool) -> str:
    """The new secret. `end_former`: the old one leaked; tokens obtained with it end too."""
    locked = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    secret = replace_secret(locked, end_former=end_former)
    locked.save(update_fields=["secret", "data"])
    if end_former:
        Token.objects.filter(client=locked).delete()
    _record(Action.CLIENT_SECRET_REPLACED, locked, by, detail={"former_ended": end_former})
    return secret


@transaction.atomic
def delete(client: Client, *, by: User) -> None:
    """Delete the client together with its tokens."""
    _record(Action.CLIENT_DELETED, client, by)
    Client.objects.filter(pk=client.pk).delete()


def _record(
    action: AuditEvent.Action, client: Client, by: User | None, detail: dict[str, object] | None = None
) -> None:
    AuditEvent.record(action, by, None, client, "", name=client.name, **(detail or {}))
