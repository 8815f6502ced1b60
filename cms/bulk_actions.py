"""Wagtail's bulk actions without their list of forbidden objects.

That list names drafts, files and accounts to every user of the admin. Mounted before Wagtail's own address
(config/urls.py).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry


@require_admin_access
def bulk_action(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponse:
    """Do what Wagtail's dispatcher does, with the class made by `reticent`."""
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404 from error
    action_class = bulk_action_registry.get_bulk_action_class(app_label, model_name, action)
    if action_class is None:
        raise Http404
    response: HttpResponse = reticent(action_class)(request, model).dispatch(request)
    return response


@cache
def reticent(action_class: type[BulkAction]) -> type[BulkAction]:
    """The action without the names of objects that the user may not act on; refused where all are such."""

    class Reticent(action_class):
        def get_actionable_objects(self) -> tuple[Any, dict[str, list[Any]]]:
            objects, without = super().get_actionable_objects()
            own = {
                key: [item for item in items if item == self.request.user] for key, items in without.items()
            }
            if not objects and not any(own.values()):
                raise PermissionDenied
            return objects, own

    Reticent.__name__ = action_class.__name__
    return Reticent
