"""How Wagtail finds these screens; gate/wagtail_hooks.py imports this module."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from gate.admin.configuring.gates import GateViewSet
from gate.admin.configuring.granting import GroupGrantViewSet, PersonGrantViewSet
from gate.admin.configuring.questionnaires import QuestionnaireViewSet
from gate.admin.configuring.texts import AgreementViewSet
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
    """One entry of the menu with everything that shapes a gate."""

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
