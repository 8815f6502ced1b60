"""`manage.py seed_demo`: the demo, in Chinese, the same each time; then its addresses and logins."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.demo.content import build_articles


class Command(BaseCommand):
    """Builds what is missing of the demo; a second run changes nothing."""

    help = "Build the demo content, people and cases, and print addresses and logins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build; print."""
        articles = build_articles()
        self.stdout.write(f"{len(articles)} articles")
