"""The action at the end of an approved workflow.

Imports nothing: Wagtail loads it while it defines its models.
"""

from __future__ import annotations

from typing import Any


def publish_reviewed(workflow_state: Any, user: Any = None) -> None:
    """Publish what was reviewed (WAGTAIL_FINISH_WORKFLOW_ACTION).

    The review is the permission: reviewers hold no right to publish what was not reviewed.
    """
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=True)
