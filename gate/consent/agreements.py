"""Publishes agreement versions. A published version never changes."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.consent.html import is_blank, shown_html
from gate.errors import NotPublishable
from gate.models import Agreement, AgreementVersion, AuditEvent, User
from gate.models.agreements import STATEMENT_FIELDS


def digest(
    *,
    title: str,
    text: str,
    links: list[dict[str, str]],
    locale: str,
    statement: dict[str, str] | None = None,
) -> str:
    """SHA-256 (hex) of the exact content shown: canonical JSON of title, text, links, locale and, where there
    is one, the statement, UTF-8.
    """
    shown: dict[str, Any] = {"links": links, "locale": locale, "text": text, "title": title}
    if statement:
        shown["statement"] = statement
    return hashlib.sha256(
        json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def frozen_draft(agreement: Agreement) -> dict[str, Any]:
    """The content that publishing would freeze: title, text, links, locale, statement; its sha256."""
    shown: dict[str, Any] = {
        "title": agreement.title,
        "text": shown_html(agreement.draft_text),
        "links": [{"label": link.label, "url": link.url} for link in agreement.draft_links.all()],
        "locale": agreement.locale,
        "statement": {
            name: value for name in STATEMENT_FIELDS if (value := getattr(agreement, name).strip())
        },
    }
    return shown | {"sha256": digest(**shown)}


@transaction.atomic
def publish_agreement(
    *,
    agreement: Agreement,
    by: User | None,
    asks_again: bool = True,
    effective_from: datetime | None = None,
) -> AgreementVersion:
    """Freeze the draft as the next version. `asks_again`: every reader decides again when it takes effect.

    Raises NotPublishable for an empty draft, for one that equals the latest version, and for a text on
    sensitive information whose statement has a gap.
    """
    row = Agreement.objects.select_for_update().get(pk=agreement.pk)
    frozen = frozen_draft(row)
    if is_blank(frozen["text"]):
        raise NotPublishable(_("The text is empty."))
    _check_statement(row, frozen["statement"])
    latest = row.versions.order_by("-number").first()
    if latest is not None and latest.sha256 == frozen["sha256"]:
        raise NotPublishable(_("Nothing has changed since version %(number)s.") % {"number": latest.number})
    now = timezone.now()
    version = AgreementVersion.objects.create(
        agreement=row,
        number=latest.number + 1 if latest else 1,
        **frozen,
        effective_from=max(effective_from or now, now),
        asks_again=asks_again,
        published_at=now,
        published_by=by,
    )
    AuditEvent.record(AuditEvent.Action.AGREEMENT_PUBLISHED, by, target=version, sha256=version.sha256)
    return version


def _check_statement(agreement: Agreement, statement: dict[str, str]) -> None:
    """Raise NotPublishable with the gaps of a text on sensitive information (PIPL articles 17 and 30)."""
    missing = [name for name in STATEMENT_FIELDS if name not in statement]
    if agreement.kind == Agreement.Kind.SENSITIVE and missing:
        labels = [str(Agreement._meta.get_field(name).verbose_name) for name in missing]
        raise NotPublishable(_("Please fill in: %(fields)s.") % {"fields": _(", ").join(labels)})
