"""Handles scheduled publishing that the rules refuse: the draft stays, the history records why."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from wagtail.log_actions import log
from wagtail.models import PageLogEntry

if TYPE_CHECKING:
    from cms.models import ArticlePage
    from cms.publish_rules import PublishRefused

logger = logging.getLogger("cms.scheduling")
SCHEDULED = "wagtail.publish.scheduled"
"""The log action with which publish_scheduled publishes; only the action identifies it."""
REFUSED = "cms.publish_refused"


def refuse(page: ArticlePage, revision: Any, refusal: PublishRefused) -> None:
    """Remove the revision from the schedule, and record that in the page's history."""
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    log(instance=page, action=REFUSED, revision=revision, data={"problems": refusal.messages})
    logger.warning(
        "scheduled publishing refused", extra={"page_id": page.pk, "problems": len(refusal.problems)}
    )


def last_refusal(page: ArticlePage) -> list[str]:
    """Why the latest revision was not published on schedule; nothing once a newer one was saved."""
    entry = (
        PageLogEntry.objects.filter(page_id=page.pk, action=REFUSED, revision_id=page.latest_revision_id)
        .order_by("-timestamp")
        .first()
    )
    return entry.data.get("problems", []) if entry else []
