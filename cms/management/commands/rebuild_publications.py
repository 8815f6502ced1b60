"""`manage.py rebuild_publications`: repairs the ledger from the live pages; see cms.rebuilding."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.rebuilding import rebuild


class Command(BaseCommand):
    help = "Rebuild the publication ledger from the live pages. Appends only; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(done: int, total: int) -> None:
            if options["verbosity"] > 1 or done == total or done % 100 == 0:
                self.stdout.write(f"{done}/{total}")

        result = rebuild(progress)
        self.stdout.write(
            f"{result.articles} live articles, {result.appended} rows appended, "
            f"{result.withdrawn} withdrawn, {result.heads} current rows put right"
        )
