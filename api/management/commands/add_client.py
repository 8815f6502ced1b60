"""Register a front end or service that signs in through us: `manage.py add_client NAME …`."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from api.identity.addresses import check_origin, check_redirect
from api.scopes import SCOPES

GRANTS = Client.GrantType


class Command(BaseCommand):
    help = "Register an OpenID Connect client and print its id and, once, its secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what readers see on the consent screen")
        parser.add_argument("--redirect-uri", action="append", default=[], help="may be given often")
        parser.add_argument(
            "--origin",
            action="append",
            default=[],
            help="of a browser app that fetches its tokens itself, such as https://app.example.org",
        )
        parser.add_argument("--scope", action="append", choices=sorted(SCOPES), help="default: all")
        parser.add_argument("--public", action="store_true", help="an app that keeps no secret")
        parser.add_argument(
            "--service-account",
            metavar="EMAIL",
            help="acts as this account, without a reader; what it reads, staff grant it",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        service = options["service_account"]
        if bool(service) == bool(options["redirect_uri"]):
            raise CommandError("give either --redirect-uri, for people, or --service-account")
        if service and options["public"]:
            raise CommandError("a service account needs a secret: leave out --public")
        client = Client(name=options["name"], owner=self._owner(service) if service else None)
        client.type = Client.Type.PUBLIC if options["public"] else Client.Type.CONFIDENTIAL
        try:
            client.set_redirect_uris([check_redirect(address) for address in options["redirect_uri"]])
            client.set_cors_origins([check_origin(origin) for origin in options["origin"]])
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        scopes = options["scope"] or list(SCOPES)
        client.set_scopes(scopes if service else ["openid", "profile", "email", *scopes])
        client.set_grant_types(
            [GRANTS.CLIENT_CREDENTIALS] if service else [GRANTS.AUTHORIZATION_CODE, GRANTS.REFRESH_TOKEN]
        )
        secret = get_adapter().generate_client_secret()
        client.set_secret(secret)
        try:
            client.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        client.save()
        self.stdout.write(f"client_id      {client.id}")
        if not options["public"]:
            self.stdout.write(f"client_secret  {secret}")

    def _owner(self, email: str) -> Any:
        owner = get_user_model().objects.filter(email=email.strip().lower(), is_active=True).first()
        if owner is None:
            raise CommandError(f"there is no active account {email}")
        return owner
