"""The admin's image and document API: lists and single files by the policy of files, like every screen."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry

from cms.file_policy import ANY


class ByPolicy:
    """Mixin for a viewset of files; stands before the viewset among the bases."""

    def get_queryset(self) -> QuerySet[Any]:
        files: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]
        policy = policy_registry.get_by_type(files.model)
        allowed = policy.instances_user_has_any_permission_for(self.request.user, ANY)  # type: ignore[attr-defined]
        return files.filter(pk__in=allowed.values("pk"))


class Images(ByPolicy, ImagesAdminAPIViewSet):
    def get_queryset(self) -> Any:
        files: Any = super().get_queryset()
        return files.prefetch_renditions("max-165x165")


class Documents(ByPolicy, DocumentsAdminAPIViewSet):
    pass


@hooks.register("construct_admin_api", order=1000)
def files_by_policy(router: WagtailAPIRouter) -> None:
    """Register after Wagtail's own endpoints: a later endpoint of the same name replaces the earlier."""
    router.register_endpoint("images", Images)
    router.register_endpoint("documents", Documents)
