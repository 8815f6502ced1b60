"""How Wagtail finds the audit log; gate/wagtail_hooks.py imports this module."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from gate.admin.audit.views import VIEW, AuditLogView


class AuditLogMenuItem(MenuItem):
    """In the menu of reports, for whoever may read the log."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


@hooks.register("register_admin_urls")
def audit_urls() -> list[URLPattern | URLResolver]:
    screens = [
        path("", AuditLogView.as_view(), name="log"),
        path("results/", AuditLogView.as_view(results_only=True), name="log_results"),
    ]
    return [path("audit/", include((screens, "gate_audit")))]


@hooks.register("register_reports_menu_item")
def audit_menu_item() -> AuditLogMenuItem:
    return AuditLogMenuItem(
        _("Audit log"), reverse("gate_audit:log"), name="audit-log", icon_name="history", order=50
    )
