"""`manage.py add_client NAME …`: registers a front end or service that signs readers in."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.models import Client
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from api.identity.addresses import check_origin, check_redirect
from api.identity.clients import Kind, configure, register
from api.scopes import SCOPES


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
        kind = Kind.SERVICE if service else Kind.BROWSER if options["public"] else Kind.SERVER
        client = Client(name=options["name"])
        try:
            configure(
                client,
                kind=kind,
                redirect_uris=[check_redirect(address) for address in options["redirect_uri"]],
                origins=[check_origin(origin) for origin in options["origin"]],
                granted=options["scope"] or list(SCOPES),
                owner=self._owner(service) if service else None,
            )
            secret = register(client, by=None)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"client_id      {client.id}")
        if not options["public"]:
            self.stdout.write(f"client_secret  {secret}")

    def _owner(self, email: str) -> Any:
        owner = get_user_model().objects.filter(email=email.strip().lower(), is_active=True).first()
        if owner is None:
            raise CommandError(f"there is no active account {email}")
        return owner
