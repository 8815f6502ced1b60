"""The task of the editorial workflow: a medical review by another user than the author, then publishing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from cms import authorship

Actions = list[tuple[str, Any, bool]]


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

    def get_actions(self, obj: Any, user: Any) -> Actions:
        """No approval of one's own work, nor of an article that the publish rules would refuse."""
        actions: Actions = super().get_actions(obj, user)
        if actions and (authorship.is_own_work(obj, user) or not authorship.is_complete(obj)):
            return without_approval(actions)
        return actions

    def listed_actions(self, obj: Any, user: Any) -> Actions:
        """The same for one of many articles, from what was kept with its revision: it costs no query.

        What was incomplete when it was saved is approved in the editor, where its pictures are asked again.
        """
        actions: Actions = super().get_actions(obj, user)
        kept = authorship.kept_facts(obj.latest_revision)
        if kept is None:
            return self.get_actions(obj, user)
        if authorship.is_own_work(obj, user) or not kept.complete:
            return without_approval(actions)
        return actions

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        article = task_state.workflow_state.content_object
        if action_name == "approve" and authorship.is_own_work(article, user):
            raise PermissionDenied(_("You cannot approve what you wrote or submitted yourself."))
        super().on_action(task_state, user, action_name, **kwargs)


def without_approval(actions: Actions) -> Actions:
    return [action for action in actions if action[0] != "approve"]
