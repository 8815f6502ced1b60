"""`manage.py search_rebuild`: a new index from the ledger while the old one stays in use."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.errors import IndexBusy, IndexUnusable, SearchUnavailable
from search.sync import rebuild_and_sync


class Command(BaseCommand):
    help = "Rebuilds the index from the ledger and puts it into use in one step."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            applied = rebuild_and_sync()
        except IndexBusy as error:
            raise CommandError(_("Another process is writing to the index. Try again later.")) from error
        except (IndexUnusable, SearchUnavailable) as error:
            raise CommandError(
                _("The index could not be built; the old one stays in use: %(reason)s") % {"reason": error}
            ) from error
        self.stdout.write(_("%(count)d articles indexed.") % {"count": applied.written})
        if applied.failed:
            raise CommandError(_("Not indexed: %(ids)s") % {"ids": ", ".join(sorted(applied.failed))})
