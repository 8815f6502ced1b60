"""Imports one file and reports on it; an error in one file does not stop the others."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from exchange.importing import document, reading
from exchange.importing.draft import DraftArticle
from exchange.importing.notes import Note, NoteKind
from exchange.importing.pictures import PictureFolder
from exchange.importing.reading import NotImported, SourceFile, Trouble
from exchange.importing.recognition.work import Words
from exchange.importing.report import FileReport
from exchange.importing.writer import Options, Outcome, write

logger = logging.getLogger(__name__)


def import_file(source: SourceFile, options: Options) -> FileReport:
    """Import one file. Every error becomes part of the report."""
    started = time.monotonic()
    try:
        report = _import(source, options)
    except NotImported as trouble:
        report = failed(str(source.path), trouble)
    except (ValidationError, DatabaseError, OSError, ValueError, RecursionError) as error:
        logger.exception("import of a file failed")
        detail = f"{type(error).__name__}: {error}"[:300]
        report = failed(str(source.path), NotImported(Trouble.NOT_STORED, detail))
    report.seconds = time.monotonic() - started
    return report


def failed(path: str, trouble: NotImported) -> FileReport:
    return FileReport(path, Outcome.FAILED, trouble=trouble.trouble, detail=trouble.detail, line=trouble.line)


def words_of(language: str) -> Words:
    """Placeholders for what a source lacks, in the language of the zone."""
    with translation.override(language):
        return Words(
            no_caption=_("(no caption in the source file)"),
            no_table=_("(this table is not in the source file)"),
            no_reference=_("(missing in the source file)"),
        )


def _import(source: SourceFile, options: Options) -> FileReport:
    pictures = PictureFolder(source.path)
    draft = document.parse(
        reading.read(source.path),
        source.form,
        fallback_title=source.path.stem,
        words=words_of(options.zone.locale.language_code),
        has_picture=pictures.has,
        scanned=options.scanned,
    )
    if not draft.body:
        raise NotImported(Trouble.NO_TEXT)
    draft = _with_refusals(draft, pictures)
    written = write(draft, source, pictures, options)
    return FileReport(
        str(source.path),
        written.outcome,
        written.state,
        title=draft.title,
        article_id=str(written.page.uuid) if written.page and not options.dry_run else "",
        counts=draft.counts(),
        problems=written.problems,
        notes=draft.notes,
    )


def _with_refusals(draft: DraftArticle, pictures: PictureFolder) -> DraftArticle:
    notes = [
        Note(NoteKind.PICTURE_REFUSED, f"{source}: {reason}") for source, reason in pictures.refused.items()
    ]
    return replace(draft, notes=(*draft.notes, *notes))
