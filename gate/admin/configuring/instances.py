"""Permission checks per object for Wagtail's generic views, which check the model only.

Used by every view of one object, and by the lists, so that a user with a right on one zone sees that zone
only.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet


class InstanceChecked:
    """Mixin before a generic view of one object: its permission is checked for that object."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = getattr(self, "permission_required", None) or "change"
        if not self.user_has_permission_for_instance(action, self.get_object()):  # type: ignore[attr-defined]
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class EditView(InstanceChecked, generic.EditView):
    pass


class DeleteView(InstanceChecked, generic.DeleteView):
    pass


class HistoryView(InstanceChecked, history.HistoryView):
    pass


class UsageView(InstanceChecked, usage.UsageView):
    pass


class IndexView(generic.IndexView):
    """Lists what the user may change or delete."""

    def get_base_queryset(self) -> QuerySet[Any]:
        policy = self.permission_policy
        allowed = policy.instances_user_has_any_permission_for(self.request.user, ["change", "delete"])
        return super().get_base_queryset().filter(pk__in=allowed.values("pk"))

    def get_delete_url(self, instance: Any) -> str | None:
        if not self.user_has_permission_for_instance("delete", instance):
            return None
        return reverse(self.delete_url_name, args=[instance.pk])


class CheckedViewSet(ModelViewSet):
    """A viewset whose views all check the object. Subclasses replace views by subclasses of these."""

    index_view_class = IndexView
    edit_view_class = EditView
    delete_view_class = DeleteView
    history_view_class = HistoryView
    usage_view_class = UsageView
    copy_view_enabled = False
