"""Write the committed OpenAPI document: `manage.py write_openapi`, after a deliberate change of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandParser

from api.schema import document

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"


class Command(BaseCommand):
    help = "Write docs/openapi.yaml."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=COMMITTED)

    def handle(self, *args: Any, **options: Any) -> None:
        text = yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=110)
        options["path"].write_text(text, encoding="utf-8")
        self.stdout.write(f"{options['path']}: {len(document()['paths'])} addresses")
