"""How Wagtail finds these screens; gate/wagtail_hooks.py imports this module."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from gate.configuring.gates import GateViewSet
from gate.configuring.granting import GroupGrantViewSet, PersonGrantViewSet
from gate.configuring.policies import GatePolicy, GrantPolicy, VersionedTextPolicy
from gate.configuring.questionnaires import QuestionnaireViewSet
from gate.configuring.texts import AgreementViewSet
from gate.models import (
    Agreement,
    ProposedGrant,
    Questionnaire,
    ZoneGate,
    ZoneGroupObjectPermission,
    ZoneUserObjectPermission,
)
from gate.people.proposal_screens import ProposalPolicy, ProposalViewSet
from gate.readers.changing import ReaderViewSet
from gate.results.viewset import ResultsViewSet

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
