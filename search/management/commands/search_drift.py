"""`manage.py search_drift [--repair]`: compares the index with the ledger."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from search.drift import compare, repair
from search.errors import IndexBusy, IndexUnusable, SearchUnavailable


class Command(BaseCommand):
    help = "Compares the index with the ledger. Exit code 1 when they differ and --repair was not given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Write and remove what differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            drift = compare()
            self.stdout.write(
                _("%(compared)d compared: %(missing)d missing, %(stale)d stale, %(extra)d too many.")
                % {
                    "compared": drift.compared,
                    "missing": len(drift.missing),
                    "stale": len(drift.stale),
                    "extra": len(drift.extra),
                }
            )
            if not drift:
                return
            if not options["repair"]:
                raise CommandError(_("The index differs from the ledger. Run again with --repair."))
            failed = repair(drift).failed
        except IndexUnusable as error:
            raise CommandError(_("There is no usable index. Run search_rebuild.")) from error
        except IndexBusy as error:
            raise CommandError(_("Another process is writing to the index. Try again later.")) from error
        except SearchUnavailable as error:
            raise CommandError(
                _("The search engine does not answer: %(reason)s") % {"reason": error}
            ) from error
        if failed:
            raise CommandError(_("Not indexed: %(ids)s") % {"ids": ", ".join(sorted(failed))})
        self.stdout.write(_("Repaired."))
