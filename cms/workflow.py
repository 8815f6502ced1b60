"""The editorial workflow: a medical review by someone other than the author, then publishing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from cms.documents import build
from cms.publish_rules import problems


class MedicalReviewTask(AbstractGroupApprovalTask):
    """Members of the chosen groups approve, except what they wrote or submitted themselves.

    Superusers are no exception: they may publish directly, but not review themselves.
    """

    class Meta:
        verbose_name = _("medical review task")
        verbose_name_plural = _("medical review tasks")

    @classmethod
    def get_description(cls) -> Any:
        return _(
            "Members of the chosen groups review; no one approves what they wrote or submitted themselves"
        )

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """No approval of one's own work, nor of an article that the publish rules would refuse."""
        actions = super().get_actions(obj, user)
        if actions and (is_own_work(obj, user) or problems(obj.get_latest_revision_as_object())):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        if action_name == "approve" and is_own_work(task_state.workflow_state.content_object, user):
            raise PermissionDenied(_("You cannot approve what you wrote or submitted yourself."))
        super().on_action(task_state, user, action_name, **kwargs)


def is_own_work(obj: Any, user: Any) -> bool:
    """Whether this user created the page, submitted it, or wrote what is to be approved."""
    if user is None:
        return True
    state = obj.current_workflow_state
    return user.pk in {obj.owner_id, state.requested_by_id if state else None} or wrote_latest(obj, user)


def wrote_latest(obj: Any, user: Any) -> bool:
    """Whether the text of the latest revision is this user's.

    Saving it again unchanged does not count: the admin's editor does so when a reviewer approves there.
    """
    revisions = obj.revisions.order_by("-created_at", "-pk").iterator(chunk_size=5)
    latest = next(revisions, None)
    if latest is None:
        return False
    writer, text = latest.user_id, build(latest.as_object())
    for older in revisions:
        if build(older.as_object()) != text:
            break
        writer = older.user_id
    return bool(writer == user.pk)
