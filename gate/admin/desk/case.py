"""One case: history, the credential, the form with its checks, and the decision below."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gate.admin.desk.access import OfOneCase
from gate.admin.desk.dossier import case_context
from gate.admin.desk.forms import (
    ApproveForm,
    AskForm,
    ConfirmForm,
    HandOverForm,
    NoteForm,
    RejectForm,
    RevokeForm,
)
from gate.admin.desk.skipping import skipped
from gate.models import AuditEvent, User, Verification
from gate.notify.catalogue import STATUS_PATH

LARGEST_ID = 2**63 - 1
ACTS = (
    "claim",
    "release",
    "approve",
    "reject",
    "confirm",
    "ask",
    "hand_over",
    "note",
    "revoke",
    "confirm_revocation",
    "decline_revocation",
)


class CaseView(OfOneCase, WagtailAdminTemplateMixin, View):
    """Reading is on record and changes nothing else: claiming the case and showing its file are POSTs.

    A decision that was refused by its form comes back here with the form and its errors.
    """

    http_method_names = ["get", "head"]
    template_name = "gate/desk/case.html"
    header_icon = "clipboard-list"
    page_title = gettext_lazy("Review desk")
    refused_form: tuple[str, BaseForm] | None = None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if (own := own_case(self.reviewer, kwargs["case"])) is not None:
            return TemplateResponse(request, "gate/desk/own_case.html", own_context(own))
        AuditEvent.record(AuditEvent.Action.CASE_OPENED, self.reviewer, self.case.user, self.case)
        return self.render_to_response(self.get_context_data())

    def get_page_subtitle(self) -> str:
        return self.case.full_name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("gate_desk:queue"), "label": _("Review desk")},
            {"url": "", "label": self.case.full_name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = case_context(self.case, self.reviewer, look=self._look(), skipped=skipped(self.request))
        seen = {"seen": facts["last_event"]}
        links = {f"{name}_url": reverse(f"gate_desk:{name}", args=[self.case.uuid]) for name in ACTS}
        forms: dict[str, BaseForm] = {
            "approve_form": ApproveForm(initial=seen),
            "reject_form": RejectForm(initial=seen, case=self.case, looked=not facts["unseen"]),
            "ask_form": AskForm(initial=seen),
            "hand_over_form": HandOverForm(initial=seen, case=self.case, reviewer=self.reviewer),
            "note_form": NoteForm(),
            "revoke_form": RevokeForm(initial=seen),
            "confirm_form": ConfirmForm(initial=seen),
        }
        if self.refused_form is not None:
            name, form = self.refused_form
            forms[name] = form
        links["next_url"] = reverse("gate_desk:next")
        return super().get_context_data(**kwargs) | facts | links | forms

    def _look(self) -> int | None:
        asked = self.request.GET.get("look", "")
        if not asked.isascii() or not asked.isdecimal():
            return None
        return min(int(asked[:20]), LARGEST_ID)


def own_case(reviewer: User, case: UUID) -> Verification | None:
    """The reviewer's own case at this address: they see of it what every reader sees."""
    own = Verification.objects.exclude(state=Verification.State.DRAFT)
    return own.filter(user=reviewer, uuid=case).first()


def own_context(own: Verification) -> dict[str, Any]:
    return {
        "page_title": CaseView.page_title,
        "header_icon": CaseView.header_icon,
        "page_subtitle": own.full_name,
        "state": own.get_state_display(),
        "status_url": STATUS_PATH,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("gate_desk:queue"), "label": _("Review desk")},
            {"url": "", "label": own.full_name},
        ],
    }
