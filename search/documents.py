"""Builds the search document of a publication: the engine-neutral form that every engine takes."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.article_text import body_passages, byline, front_passages, gated_passages

if TYPE_CHECKING:
    from cms.models import PublicationHead


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """`public_text` is all that everyone may see (title, summary, byline, source, open blocks);
    `gated_text` is the rest and empty for public articles. Passages are separated by newlines;
    no phrase runs across one."""

    id: str
    sequence: int
    page_id: int
    zone_id: int
    zone_slug: str
    audience: str
    access_key: str
    locale: str
    date: datetime.date
    title: str
    summary: str
    byline: str
    public_text: str
    gated_text: str


def access_key(zone_id: int, audience: str) -> str:
    """The form that `gate.decision.access.Access.scope()` uses."""
    return f"{zone_id}:{audience}"


def document_of(head: PublicationHead) -> SearchDocument:
    """The document of a live head with its publication loaded. Reads the ledger's JSON and nothing else."""
    public = json.loads(head.publication.public_document)
    full = json.loads(head.publication.full_document)
    return SearchDocument(
        id=str(head.article_id),
        sequence=head.sequence,
        page_id=head.publication.page_id,
        zone_id=head.zone_id,
        zone_slug=head.zone_slug,
        audience=head.audience,
        access_key=access_key(head.zone_id, head.audience),
        locale=head.locale,
        date=head.date,
        title=head.title,
        summary=public.get("summary", ""),
        byline="\n".join(byline(public)),
        public_text="\n".join(front_passages(public) + body_passages(public)),
        gated_text="\n".join(gated_passages(public, full)),
    )
