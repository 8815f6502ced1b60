"""Previews an agreement on the reader's own page: its draft, or a published version. Nothing can be sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from gate.admin.configuring.instances import InstanceChecked
from gate.consent.agreements import frozen_draft
from gate.consent.shown_texts import as_shown
from gate.decision.step_kinds import kinds
from gate.models import Agreement, AgreementVersion


def draft_version(agreement: Agreement) -> AgreementVersion:
    """The draft as the version it would become now; not saved."""
    latest = agreement.versions.order_by("-number").first()
    return AgreementVersion(
        number=latest.number + 1 if latest else 1,
        effective_from=timezone.now(),
        **frozen_draft(agreement),
    )


class AgreementPreviewView(InstanceChecked, View):
    """`preview/<agreement>/` is the draft, `preview/<agreement>/<number>/` a published version."""

    permission_policy: Any = None

    def get_object(self) -> Agreement:
        return get_object_or_404(Agreement, pk=self.kwargs["pk"])

    def user_has_permission_for_instance(self, action: str, instance: Agreement) -> bool:
        """Users who may edit the text, and users who may publish it."""
        user = self.request.user
        return user.has_perm("gate.publish_agreement") or bool(
            self.permission_policy.user_has_permission_for_instance(user, action, instance)
        )

    def get(self, request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
        agreement = self.get_object()
        if number is None:
            version, notice = draft_version(agreement), _("A draft: no reader sees it yet.")
        else:
            version = get_object_or_404(AgreementVersion, agreement=agreement, number=number)
            notice = _("Version %(number)s, exactly as it was published.") % {"number": number}
        screens = (kind.text_screen(agreement.kind) for kind in kinds())
        screen = next(screen for screen in screens if screen is not None)
        context = {
            "step": {"title": version.title, "agreement": as_shown(version)},
            "preview": notice,
            "next": request.path,
            "back_label": _("Preview"),
        }
        return TemplateResponse(request, settings.XINGLIN_GATE_SCREEN.format(screen), context)
