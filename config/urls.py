"""All addresses. Wagtail's own page serving is not mounted: readers come through the site or the API."""

from __future__ import annotations

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls

from cms.bulk_actions import bulk_action
from config.doors import staff_doors
from config.health import healthz, readyz
from config.media import staff_media

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    *staff_doors,
    path("admin/bulk/<str:app_label>/<str:model_name>/<str:action>/", bulk_action),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", include("api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/mfa/", include("allauth.mfa.urls")),
    path("", include("api.identity.urls")),
    re_path(r"^media/(?P<path>.+)$", staff_media, name="staff_media"),
    path("", include("frontend_templates.urls")),
]
handler400 = "frontend_templates.views.errors.bad_request"
handler403 = "frontend_templates.views.errors.forbidden"
handler404 = "frontend_templates.views.errors.not_found"
# django-allauth redirects here when a client exceeds a limit.
handler429 = "frontend_templates.views.errors.too_many_requests"
handler500 = "frontend_templates.views.errors.server_error"
