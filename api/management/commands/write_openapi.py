"""`manage.py write_openapi`: writes the committed OpenAPI document, after a deliberate change of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from api.schema import as_yaml, document

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"


class Command(BaseCommand):
    help = "Write docs/openapi.yaml."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=COMMITTED)

    def handle(self, *args: Any, **options: Any) -> None:
        options["path"].write_text(as_yaml(), encoding="utf-8")
        self.stdout.write(f"{options['path']}: {len(document()['paths'])} addresses")
