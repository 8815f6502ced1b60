"""Hashes that show whether a source or article changed. Equal hashes mean equal words, not equal bytes."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from cms.models import ArticlePage

# Tags without a target only set how words look; a save in the editor changes them without an edit.
_TAG = re.compile(r"<(?!a\s)[^<>]*>")
_SPACE = re.compile(r"\s+")


def import_key(zone_id: object, name: str) -> str:
    """What identifies a source: the zone and the file's path below the folder that was given."""
    return _hash([str(zone_id), name])


def of_content(stored: Any) -> str:
    """Hash of everything that an import would store (JSON-like)."""
    return _hash(stored)


def of_article(page: ArticlePage) -> str:
    """Hash of the words of an article as it is on this object, whatever markup the editor's form produced."""
    return _hash(
        {
            "title": page.title,
            "summary": page.summary,
            "date": page.date.isoformat(),
            "originality": page.originality,
            "source": [page.source_organisation, page.source_url, page.source_permission],
            "audience": page.audience,
            "byline": [author.contributor_id for author in page.byline.all()],
            "body": _words(page.body.get_prep_value()),
        }
    )


def _words(value: Any) -> Any:
    """A stored value without its ids, its rich text without markup."""
    if isinstance(value, dict):
        return {key: _words(inner) for key, inner in sorted(value.items()) if key != "id"}
    if isinstance(value, list):
        return [_words(inner) for inner in value]
    if isinstance(value, str):
        return _SPACE.sub(" ", _TAG.sub("", value.replace("&#39;", "'").replace("&quot;", '"'))).strip()
    return value


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
