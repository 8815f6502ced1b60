"""`manage.py import_articles PATH… --zone SLUG`: imports Markdown and plain text."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms.models import ZonePage
from exchange.importing import reading, report
from exchange.importing.report import FileReport
from exchange.importing.run import failed, import_file
from exchange.importing.streamfield import Rights
from exchange.importing.writer import Options, Outcome

SCANNED = {"auto": None, "yes": True, "no": False}


class Command(BaseCommand):
    help = "Import Markdown (.md) and plain text (.txt) files as articles. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders with all they hold")
        parser.add_argument("--zone", required=True, metavar="SLUG", help="the zone that gets the articles")
        parser.add_argument(
            "--locale", default="", help="language of the zone, where its slug exists in several"
        )
        parser.add_argument("--publish", action="store_true", help="publish what the publish rules allow")
        parser.add_argument("--licence", default="", help="licence of all figures, for example CC-BY-4.0")
        parser.add_argument("--source", default="", help="source of all figures that name none themselves")
        parser.add_argument(
            "--scanned",
            choices=SCANNED,
            default="auto",
            help="whether the files are scanned papers; auto tests each",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, store nothing")
        parser.add_argument("--report", metavar="FILE", help="write the report as JSON to this file as well")

    def handle(self, *args: Any, **options: Any) -> None:
        self.verbosity = options["verbosity"]
        chosen = Options(
            _zone(options["zone"], options["locale"]),
            options["publish"],
            Rights(options["licence"].strip(), options["source"].strip()),
            options["dry_run"],
            SCANNED[options["scanned"]],
        )
        target = Path(options["report"]) if options["report"] else None
        if target and not target.resolve().parent.is_dir():
            raise CommandError(
                _("The folder for the report does not exist: %(path)s") % {"path": target.parent}
            )
        found = reading.find(options["paths"])
        self._ignored(found.ignored)
        reports = [failed(str(path), trouble) for path, trouble in found.troubles]
        for one in reports:
            self._print(one)
        for position, source in enumerate(found.files, 1):
            self._progress(position, len(found.files), str(source.path))
            one = import_file(source, chosen)
            reports.append(one)
            self._print(one)
        self._progress_end()
        self._finish(reports, chosen, target)

    def _finish(self, reports: list[FileReport], chosen: Options, target: Path | None) -> None:
        if target:
            data = {
                "zone": chosen.zone.slug,
                "dry_run": chosen.dry_run,
                "totals": report.totals(reports),
                "files": [one.as_json() for one in reports],
            }
            target.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if chosen.dry_run:
            self.stdout.write(_("Dry run: nothing was stored."))
        self.stdout.write(report.summary(reports))
        if not reports:
            raise CommandError(_("There is nothing to import in what was given."))
        lost = sum(one.outcome == Outcome.FAILED for one in reports)
        if lost:
            raise CommandError(_("%(count)d files were not imported.") % {"count": lost}, returncode=1)

    def _print(self, one: FileReport) -> None:
        self._progress_end()
        for number, line in enumerate(one.lines()):
            if number and self.verbosity == 0:
                break
            self.stdout.write(self.style.ERROR(line) if not number and one.trouble else line)

    def _ignored(self, paths: list[Path]) -> None:
        if paths:
            names = ", ".join(path.name for path in paths[:8]) + (" …" if len(paths) > 8 else "")
            self.stdout.write(
                _("%(count)d other files ignored: %(names)s") % {"count": len(paths), "names": names}
            )

    def _progress(self, position: int, total: int, name: str) -> None:
        """Print the progress: one line that is updated on a terminal, a line per file elsewhere."""
        text = f"[{position}/{total}] {name}"
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{text[:100]}", ending="")
            self.stderr.flush()
        else:
            self.stderr.write(text)

    def _progress_end(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\x1b[K", ending="")


def _zone(slug: str, locale: str) -> ZonePage:
    zones = ZonePage.objects.filter(slug=slug).select_related("locale")
    if locale:
        zones = zones.filter(locale__language_code__iexact=locale)
    found = list(zones[:2])
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{zone.slug} ({zone.locale.language_code})" for zone in ZonePage.objects.all()[:20])
    if found:
        raise CommandError(_("Several zones are called %(slug)s: name one with --locale.") % {"slug": slug})
    raise CommandError(
        _("There is no zone %(slug)s. There are: %(known)s") % {"slug": slug, "known": known or "–"}
    )
