"""Who wrote the text of a revision, and whether it may be published: kept with it when it is saved.

`Revision.content` has one member more than the fields of the article, `KEPT`: the digest of the text, whether
the publish rules found no problem, and who wrote it. Nothing has to be rendered to learn these later.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import structlog
from wagtail.models import Revision

from cms import documents
from cms.blocks.body import api_forms
from cms.publish_rules import problems, problems_in

if TYPE_CHECKING:
    from cms.models import ArticlePage

log = structlog.get_logger(__name__)

KEPT = "text_facts"
TEXT_FIELDS = (
    "title", "slug", "summary", "date", "originality", "audience",
    "source_organisation", "source_url", "source_permission",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextFacts:
    """digest: hex SHA-256 of the text. complete: the publish rules found nothing. writer: a user's id."""

    digest: str
    complete: bool
    writer: int | None = None


def text_digest(outline: documents.Outline) -> str:
    """Equal for two states of an article with the same text, whatever markup an editor stored it in."""
    article = outline.article
    fields = {name: str(getattr(article, name)) for name in TEXT_FIELDS}
    authors = [author.contributor_id for author in article.byline.all()]
    body = api_forms(outline.placed, outline.own_rendering())
    return documents.digest(documents.canonical([fields, authors, body]))


def facts_to_keep(article: ArticlePage) -> dict[str, Any]:
    """What a new revision keeps of the article on this object; nothing where it cannot be rendered.

    A form that has walked the article hands on its outline as `walked`. A draft is saved whatever it holds,
    so a fault here is logged and the facts are made out when they are needed.
    """
    try:
        outline = article.__dict__.pop("walked", None) or documents.Outline(article)
        return {KEPT: asdict(TextFacts(text_digest(outline), not problems_in(outline)))}
    except (LookupError, TypeError, ValueError):
        log.exception("draft_not_rendered", page=article.pk)
        return {}


def note_writer(sender: type[Revision], instance: Revision, **kwargs: Any) -> None:
    """Receiver of a revision's pre_save: saving a text again unchanged makes it no other user's."""
    kept = kept_facts(instance)
    if kept is None:
        return
    before = _before(instance)
    same = before is not None and digest_of(before) == kept.digest
    instance.content[KEPT]["writer"] = writer_of(before) if same else instance.user_id


def kept_facts(revision: Revision | None) -> TextFacts | None:
    """What was kept with a revision; None for one that is older than this module."""
    kept = revision.content.get(KEPT) if revision is not None else None
    return TextFacts(**kept) if kept else None


def writer_of(revision: Revision | None) -> int | None:
    """The id of the user whose text it is."""
    if revision is None:
        return None
    if kept := kept_facts(revision):
        return kept.writer
    text = digest_of(revision)
    before = _before(revision)
    while before is not None and digest_of(before) == text:
        revision, before = before, _before(before)
    return revision.user_id


def is_own_work(obj: Any, user: Any) -> bool:
    """Whether this user created the page, submitted it, or wrote what is to be approved."""
    if user is None:
        return True
    state = obj.current_workflow_state
    involved = {obj.owner_id, state.requested_by_id if state else None, writer_of(obj.latest_revision)}
    return user.pk in involved


def is_complete(obj: Any) -> bool:
    """Whether the publish rules find nothing in the latest revision; pictures may have got rights since."""
    kept = kept_facts(obj.latest_revision)
    return bool(kept and kept.complete) or not problems(obj.get_latest_revision_as_object())


def digest_of(revision: Revision) -> str:
    """The digest of the text of a revision."""
    kept = kept_facts(revision)
    return kept.digest if kept else text_digest(documents.Outline(revision.as_object()))


def _before(revision: Revision) -> Revision | None:
    others = Revision.objects.filter(
        base_content_type_id=revision.base_content_type_id, object_id=revision.object_id
    ).exclude(pk=revision.pk)
    if revision.pk:
        others = others.filter(pk__lt=revision.pk)
    return others.order_by("-created_at", "-pk").first()
