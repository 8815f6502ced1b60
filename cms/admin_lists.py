"""Lists of Wagtail's admin that ask the database for each row, made to load all rows at once."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import LockedPagesPanel, WorkflowObjectsToModeratePanel
from wagtail.admin.views.reports.locked_pages import LockedPagesView
from wagtail.models import Page, PagePermissionTester, Revision, Task, TaskState, WorkflowState, WorkflowTask

from cms.models import MedicalReviewTask


class WaitingForReview(WorkflowObjectsToModeratePanel):
    """Wagtail's panel of the start page, with its facts loaded for all rows at once."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        waiting = [state for state in _waiting_for(request.user) if state.revision.content_object]
        tasks = Task.objects.specific().in_bulk({state.task_id for state in waiting})
        add_tasks_with_status([state.workflow_state for state in waiting])
        return {
            "request": request,
            "csrf_token": parent_context["csrf_token"],
            "states": [_row(state, tasks[state.task_id], request.user) for state in waiting],
        }


def _waiting_for(user: Any) -> list[TaskState]:
    states = TaskState.objects.reviewable_by(user).select_related(
        "task", "revision__user", "workflow_state__workflow"
    )
    return list(
        states.prefetch_related("revision__content_object__latest_revision")
        .annotate(previous_revision_id=Revision.objects.previous_revision_id_subquery())
        .order_by("-started_at")
    )


def _row(state: TaskState, task: Task, user: Any) -> dict[str, Any]:
    obj = state.revision.content_object
    # Wagtail reads it in the place of a query.
    obj._current_workflow_states = [state.workflow_state]
    is_listed = isinstance(task, MedicalReviewTask)
    facts = {
        "obj": obj,
        "revision": state.revision,
        "previous_revision_id": state.previous_revision_id,
        "live_revision_id": obj.live_revision_id,
        "task_state": state,
        "actions": task.listed_actions(obj, user) if is_listed else task.get_actions(obj, user),
        "workflow_tasks": state.workflow_state.all_tasks_with_status,
    }
    return facts | _addresses(obj)


def _addresses(obj: Any) -> dict[str, str | None]:
    """The names of the addresses that belong to a page, or to a snippet that has a workflow."""
    found: dict[str, str | None] = {}
    for view in ("workflow_action", "workflow_preview", "revisions_compare"):
        is_page = isinstance(obj, Page)
        found[f"{view}_url_name"] = (
            f"wagtailadmin_pages:{view}" if is_page else obj.snippet_viewset.get_url_name(view)
        )
    if not getattr(obj, "is_previewable", False):
        found["workflow_preview_url_name"] = None
    return found


def add_tasks_with_status(states: Iterable[WorkflowState]) -> None:
    """Give each state, as `all_tasks_with_status`, the list that Wagtail's method of this name queries.

    A task has the status that it got for the latest revision (WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT).
    """
    states = list(states)
    steps: dict[int, list[Task]] = defaultdict(list)
    ordered = WorkflowTask.objects.filter(workflow__in={state.workflow_id for state in states})
    for step in ordered.select_related("task").order_by("sort_order"):
        steps[step.workflow_id].append(step.task)
    rows: dict[int, list[TaskState]] = defaultdict(list)
    started = TaskState.objects.filter(workflow_state__in=[state.pk for state in states])
    for row in started.select_related("revision").defer("revision__content").order_by("started_at", "pk"):
        rows[row.workflow_state_id].append(row)
    for state in states:
        status_of = _latest_status(rows[state.pk])
        state.all_tasks_with_status = [_with(task, status_of) for task in steps[state.workflow_id]]


def _latest_status(rows: list[TaskState]) -> dict[int, str]:
    """The latest status of each task for the newest revision, from rows in the order of their start."""
    revisions = [row.revision for row in rows if row.revision]
    newest = max(revisions, key=lambda revision: (revision.created_at, revision.pk), default=None)
    newest_id = newest.pk if newest else None
    return {row.task_id: row.status for row in rows if row.revision_id == newest_id}


def _with(task: Task, status_of: dict[int, str]) -> Task:
    shown = copy.copy(task)
    shown.status = status_of.get(task.pk)
    shown.status_display = dict(TaskState.STATUS_CHOICES).get(shown.status, _("Not started"))
    return shown


class OwnLockedPages(LockedPagesPanel):
    """Wagtail's panel of the start page, with what its rows show of their state."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        pages = context["locked_pages"].specific().prefetch_workflow_states()
        return context | {"locked_pages": pages.annotate_approved_schedule()}


def in_place_of(panel: Component) -> Component:
    """Our panel for one of Wagtail's; any other as it is."""
    if type(panel) is WorkflowObjectsToModeratePanel:
        return WaitingForReview()
    return OwnLockedPages() if type(panel) is LockedPagesPanel else panel


def connect() -> None:
    """Take the place of what asks for each row; addresses and rights stay Wagtail's own."""
    if PagePermissionTester.can_delete is not _can_delete:
        _load_locked_pages_at_once()
        PagePermissionTester.can_delete = _can_delete


_wagtails_can_delete = PagePermissionTester.can_delete


def _can_delete(tester: PagePermissionTester, ignore_bulk: bool = False) -> bool:
    """As Wagtail decides. A page without children is the only one to look at, and its state is known."""
    user, page = tester.user, tester.page
    by_rights = user.is_active and not user.is_superuser and not tester.page_is_root
    if (
        by_rights
        and page.is_leaf()
        and "change" in tester.permissions
        and "publish" not in tester.permissions
    ):
        return not page.live
    return bool(_wagtails_can_delete(tester, ignore_bulk))


def _edits_only(rights: Collection[str]) -> bool:
    return "change" in rights and "publish" not in rights


def _load_locked_pages_at_once() -> None:
    """Let the report of locked pages load what its rows show, as Wagtail's other lists of pages do.

    Its address belongs to Wagtail's own urls, so that its view is given the two methods.
    """
    plain = LockedPagesView.get_queryset

    def get_queryset(view: LockedPagesView) -> Any:
        pages = plain(view).specific().prefetch_workflow_states().prefetch_related("locale", "locked_by")
        return pages.annotate_approved_schedule().annotate_site_root_state()

    def decorate_paginated_queryset(view: LockedPagesView, pages: Any) -> Any:
        states = [workflow.current_task_state for page in pages for workflow in page._current_workflow_states]
        started = [state for state in states if state]
        tasks = Task.objects.specific().in_bulk({state.task_id for state in started})
        for state in started:
            state.task = tasks[state.task_id]
        return pages

    LockedPagesView.get_queryset = get_queryset
    LockedPagesView.decorate_paginated_queryset = decorate_paginated_queryset
