"""Stores a DraftArticle as an ArticlePage, in one transaction, by the normal ways of saving and publishing.

A repeated import changes nothing where source and rights are the same. A changed source updates its article
unless an editor changed it since; an article that an editor took offline is not published again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import localdate

from cms import publish_rules
from cms.models import ArticleAuthor, ArticlePage, Contributor, ImportRecord, XinglinImage, ZonePage
from exchange.importing import fingerprints
from exchange.importing.draft import Author, DraftArticle, Figure, Originality
from exchange.importing.pictures import PictureFolder
from exchange.importing.reading import SourceFile
from exchange.importing.streamfield import Rights
from exchange.importing.streamfield import Writer as BodyWriter


class Outcome(StrEnum):
    """What happened to the article of a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    FAILED = "failed"


class State(StrEnum):
    """Whether readers can open it afterwards, and if not, why."""

    PUBLISHED = "published"
    DRAFT = "draft"
    REFUSED = "refused"
    TAKEN_OFFLINE = "taken_offline"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a whole run.

    dry_run: report the results and store nothing. scanned: whether the files are scanned papers; None tests
    each.
    """

    zone: ZonePage
    publish: bool = False
    rights: Rights = field(default_factory=Rights)
    dry_run: bool = False
    scanned: bool | None = None


@dataclass(slots=True)
class Written:
    """The result of `write`. problems: why publishing was refused, each with its place."""

    outcome: Outcome
    state: State
    problems: list[str] = field(default_factory=list)
    page: ArticlePage | None = None


def write(draft: DraftArticle, source: SourceFile, pictures: PictureFolder, options: Options) -> Written:
    """Store one draft. All or nothing: on any exception neither rows nor picture files of it remain."""
    stored: list[XinglinImage] = []
    try:
        with transaction.atomic():
            written = _write(draft, source, pictures, options, stored)
            if options.dry_run:
                transaction.set_rollback(True)
    except BaseException:
        _remove(stored)
        raise
    if options.dry_run:
        _remove(stored)
    return written


def _write(
    draft: DraftArticle,
    source: SourceFile,
    pictures: PictureFolder,
    options: Options,
    stored: list[XinglinImage],
) -> Written:
    key = fingerprints.import_key(options.zone.uuid, source.name)
    content = _content_of(draft, pictures, options)
    record = ImportRecord.objects.select_for_update().select_related("page").filter(key=key).first()
    if record is None:
        page = _new_page(draft, source, options.zone)
        return _save(page, draft, key, content, source, pictures, options, stored, None)
    page = record.page.get_latest_revision_as_object()
    if record.content == content:
        return _unchanged(page, record, options)
    if fingerprints.of_article(page) != record.fingerprint:
        return Written(Outcome.EDITED, _state(record.page), page=record.page)
    return _save(page, draft, key, content, source, pictures, options, stored, record)


def _save(
    page: ArticlePage,
    draft: DraftArticle,
    key: str,
    content: str,
    source: SourceFile,
    pictures: PictureFolder,
    options: Options,
    stored: list[XinglinImage],
    record: ImportRecord | None,
) -> Written:
    images = _images(draft, pictures, options.rights, stored)
    body = BodyWriter(key, options.rights, images).body(draft.body)
    page.title, page.summary = draft.title, draft.summary
    if draft.date:
        page.date = draft.date
    page.originality = draft.originality or Originality.ORIGINAL
    page.source_organisation, page.source_url = draft.source_organisation, draft.source_url
    page.body = page.body.stream_block.to_python(body)
    page.byline.set(
        [ArticleAuthor(contributor=_contributor(a), sort_order=n) for n, a in enumerate(draft.byline)]
    )
    outcome = Outcome.UPDATED
    if record is None:
        options.zone.add_child(instance=page)
        outcome = Outcome.CREATED
    revision = page.save_revision()
    record = record or ImportRecord(key=key, page=page)
    record.source_name, record.content = source.name[:500], content
    record.fingerprint = fingerprints.of_article(page.get_latest_revision_as_object())
    record.save()
    state, problems = _publish(page, revision, record, options)
    return Written(outcome, state, problems, page)


def _unchanged(page: ArticlePage, record: ImportRecord, options: Options) -> Written:
    """An unchanged source: at most publishing is left to do; a withdrawn article stays withdrawn."""
    live = record.page.live
    if not options.publish or live:
        return Written(Outcome.UNCHANGED, _state(record.page), page=record.page)
    if record.published or fingerprints.of_article(page) != record.fingerprint:
        return Written(
            Outcome.UNCHANGED, State.TAKEN_OFFLINE if record.published else State.DRAFT, page=record.page
        )
    state, problems = _publish(page, page.get_latest_revision(), record, options)
    return Written(Outcome.UNCHANGED, state, problems, page)


def _publish(
    page: ArticlePage, revision: Any, record: ImportRecord, options: Options
) -> tuple[State, list[str]]:
    """Publish by the normal way where that is requested and allowed; the draft stays in any case."""
    if not options.publish:
        return _state(page), []
    found = publish_rules.problems(page)
    if found:
        return State.REFUSED, [str(problem) for problem in found]
    try:
        with transaction.atomic():
            revision.publish()
            record.published = True
            record.save(update_fields=["published"])
    except publish_rules.PublishRefused as refused:
        return State.REFUSED, list(refused.messages)
    return State.PUBLISHED, []


def _state(page: ArticlePage) -> State:
    return State.PUBLISHED if page.live else State.DRAFT


def _content_of(draft: DraftArticle, pictures: PictureFolder, options: Options) -> str:
    """Hash of what would be stored: the draft without its notes, the rights, and the pictures' bytes."""
    shown = [block for block in draft.walk() if isinstance(block, Figure)]
    return fingerprints.of_content(
        [
            repr((draft.title, draft.summary, draft.date, draft.byline, draft.originality)),
            repr((draft.source_organisation, draft.source_url, draft.body)),
            [options.rights.licence, options.rights.source],
            [pictures.digest(figure.picture) for figure in shown if pictures.has(figure.picture)],
        ]
    )


def _new_page(draft: DraftArticle, source: SourceFile, zone: ZonePage) -> ArticlePage:
    page = ArticlePage(title=draft.title, slug=_slug(source, zone), live=False, locale=zone.locale)
    page.date = draft.date or localdate()
    return page


def _slug(source: SourceFile, zone: ZonePage) -> str:
    base = slugify(re.sub(r"[./\\_]+", "-", source.path.stem), allow_unicode=True)[:80] or "article"
    taken = set(zone.get_children().filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken)


def _contributor(author: Author) -> Contributor:
    """The known contributor of that name (and affiliation, where the source names one), else a new one."""
    kind = Contributor.Kind.ORGANISATION if author.organisation else Contributor.Kind.PERSON
    name, affiliation = author.name[:120], author.affiliation[:200]
    known = Contributor.objects.filter(kind=kind, name=name).order_by("affiliation", "pk")
    if affiliation:
        known = known.filter(affiliation=affiliation)
    return known.first() or Contributor.objects.create(
        kind=kind, name=name, title=author.title[:120], affiliation=affiliation
    )


def _images(
    draft: DraftArticle, pictures: PictureFolder, rights: Rights, stored: list[XinglinImage]
) -> dict[str, int]:
    """Import the picture files that figures show; the same bytes are stored once."""
    images: dict[str, int] = {}
    for figure in draft.walk():
        if not isinstance(figure, Figure) or not pictures.has(figure.picture):
            continue
        data = pictures.read(figure.picture)
        image = XinglinImage.objects.filter(file_hash=pictures.digest(figure.picture)).order_by("pk").first()
        if image is None:
            name = figure.picture.rsplit("/", 1)[-1]
            image = XinglinImage(
                title=(figure.caption or name)[:255],
                default_alt=figure.alt[:300],
                source=(figure.source or rights.source)[:300],
                licence=rights.licence[:120],
                file=ContentFile(data, name=name[-100:]),
            )
            stored.append(image)
            image.save()
        images[figure.key] = image.pk
    return images


def _remove(stored: list[XinglinImage]) -> None:
    """Delete the files of images whose rows were rolled back."""
    for image in stored:
        if image.file and image.file._committed:
            image.file.storage.delete(image.file.name)
