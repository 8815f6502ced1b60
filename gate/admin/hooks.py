"""Registers the gate's screens with Wagtail; gate/wagtail_hooks.py imports this module."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from gate.admin.audit.log import VIEW, AuditLogView
from gate.admin.configuring.gates import GateViewSet
from gate.admin.configuring.granting import GroupGrantViewSet, PersonGrantViewSet
from gate.admin.configuring.questionnaires import QuestionnaireViewSet
from gate.admin.configuring.texts import AgreementViewSet
from gate.admin.desk.menu import ReviewDeskMenuItem, review_desk_menu_item
from gate.admin.people.bulk_actions import guard_people
from gate.admin.people.proposal_screens import ProposalPolicy, ProposalViewSet
from gate.admin.people.reader_changes import ReaderViewSet
from gate.admin.results.viewset import ResultsViewSet
from gate.models import (
    Agreement,
    ProposedGrant,
    Questionnaire,
    ZoneGate,
    ZoneGroupObjectPermission,
    ZoneUserObjectPermission,
)
from gate.people.policies import GatePolicy, GrantPolicy, VersionedTextPolicy

for model, policy in (
    (Agreement, VersionedTextPolicy),
    (Questionnaire, VersionedTextPolicy),
    (ZoneGate, GatePolicy),
    (ZoneUserObjectPermission, GrantPolicy),
    (ZoneGroupObjectPermission, GrantPolicy),
    (ProposedGrant, ProposalPolicy),
):
    register_permission_policy(model, policy(model), exact_class=True)


class GateSettingsGroup(ViewSetGroup):
    """One entry of the menu for all screens that configure gates."""

    menu_label = _("Gate settings")
    menu_icon = "lock"
    menu_order = 260
    items = (
        GateViewSet,
        AgreementViewSet,
        QuestionnaireViewSet,
        ResultsViewSet,
        ReaderViewSet,
        PersonGrantViewSet,
        GroupGrantViewSet,
        ProposalViewSet,
    )


@hooks.register("register_admin_viewset")
def gate_settings() -> GateSettingsGroup:
    return GateSettingsGroup()


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern | URLResolver]:
    return [path("review/", include("gate.admin.desk.urls"))]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> ReviewDeskMenuItem:
    return review_desk_menu_item()


@hooks.register("insert_global_admin_css")
def desk_css() -> str:
    """On every admin page: the number beside the menu entry is drawn there."""
    return format_html('<link rel="stylesheet" href="{}">', static("gate/desk/review-desk.css"))


class AuditLogMenuItem(MenuItem):
    """In the menu of reports, for users who may read the log."""

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


hooks.register("before_bulk_action", guard_people)


@hooks.register("register_permissions")
def reviewing_permissions() -> QuerySet[Permission]:
    """Lets groups review accounts and see credentials; the latter waits for a second administrator."""
    codenames = ("review_verification", "see_any_credential")
    return Permission.objects.filter(
        content_type__app_label="gate", content_type__model="verification", codename__in=codenames
    )


@hooks.register("register_account_menu_item")
def password_item(request: HttpRequest) -> dict[str, str]:
    """The entry under "More actions"."""
    return {
        "url": reverse("account_change_password"),
        "label": gettext("Change the password"),
        "help_text": gettext("Signs you out on every other device and in every app."),
    }


@hooks.register("register_account_menu_item")
def address_item(request: HttpRequest) -> dict[str, str]:
    """The entry under "More actions"."""
    return {
        "url": reverse("account_email"),
        "label": gettext("Change the address"),
        "help_text": gettext("The address you sign in with; a new one is confirmed by a code."),
    }


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict[str, str]:
    """The entry under "More actions"."""
    return {
        "url": reverse("mfa_index"),
        "label": gettext("Second factor"),
        "help_text": gettext("The authenticator app and its recovery codes."),
    }
