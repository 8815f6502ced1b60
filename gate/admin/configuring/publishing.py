"""The page on which a draft becomes a version: what will be frozen, what is published already, one button."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column, Table, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput

from gate.admin.configuring.agreement_preview import draft_version
from gate.consent.agreements import publish_agreement
from gate.consent.diff import compare
from gate.consent.html import is_blank
from gate.errors import NotPublishable
from gate.models import Agreement, AgreementVersion, User


class PublishForm(forms.Form):
    """Options of publishing that are not part of the draft."""

    asks_again = forms.BooleanField(
        label=gettext_lazy("Ask everyone again"),
        required=False,
        help_text=gettext_lazy("Readers who answered an older version are asked again at their next visit."),
    )


class PublishAgreementForm(PublishForm):
    """An agreement may take effect later than it is published."""

    effective_from = forms.DateTimeField(
        label=gettext_lazy("Takes effect"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=gettext_lazy("Left empty: at once."),
    )


class PublishView(WagtailAdminTemplateMixin, FormView[PublishForm]):
    """Base of the two publishing pages."""

    template_name = "gate/configuring/publish.html"
    page_title = gettext_lazy("Versions")
    header_icon = "history"
    model: type[Any]
    permission = ""
    edit_url_name = ""
    index_url_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(self.model, pk=self.kwargs["pk"])

    @property
    def publisher(self) -> User:
        """The signed-in user; dispatch() has checked the right already."""
        return cast("User", self.request.user)

    def publish(self, form: PublishForm) -> Any:
        raise NotImplementedError

    def preview(self) -> SafeString:
        """The draft as readers will get it."""
        raise NotImplementedError

    def columns(self) -> list[Column]:
        return [
            Column("number", label=_("Version")),
            Column("published_at", label=_("Published"), accessor=lambda v: _moment(v.published_at)),
            Column("published_by", label=_("Published by"), accessor=lambda v: v.published_by or ""),
            BooleanColumn("asks_again", label=_("Asked again")),
        ]

    def form_valid(self, form: PublishForm) -> HttpResponse:
        try:
            version = self.publish(form)
        except NotPublishable as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, _("Version %(number)s is published.") % {"number": version.number})
        return HttpResponseRedirect(self.request.path)

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural},
            {"url": reverse(self.edit_url_name, args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": _("Versions")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = self.object.versions.select_related("published_by").order_by("-number")
        context = super().get_context_data(**kwargs)
        return context | {
            "media": context["form"].media,
            "preview": self.preview(),
            "versions": Table(self.columns(), versions) if versions else None,
            "next_number": (versions[0].number if versions else 0) + 1,
            "edit_url": reverse(self.edit_url_name, args=[self.object.pk]),
        }


class PublishAgreementView(PublishView):
    model = Agreement
    form_class = PublishAgreementForm
    permission = "gate.publish_agreement"
    initial = {"asks_again": True}

    def publish(self, form: PublishForm) -> AgreementVersion:
        return publish_agreement(agreement=self.object, by=self.publisher, **form.cleaned_data)

    template_name = "gate/configuring/publish_agreement.html"

    def preview(self) -> SafeString:
        return SafeString()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = self.object.versions.order_by("-number").first()
        draft = draft_version(self.object)
        return super().get_context_data(**kwargs) | {
            "preview_url": reverse("gate_agreements:preview", args=[self.object.pk]),
            "has_text": not is_blank(draft.text),
            "changes": compare(latest, draft) if latest and latest.sha256 != draft.sha256 else None,
        }

    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "number",
                label=_("Version"),
                get_url=lambda v: reverse("gate_agreements:preview_version", args=[self.object.pk, v.number]),
            ),
            *super().columns()[1:],
            Column("effective_from", label=_("In effect"), accessor=lambda v: _moment(v.effective_from)),
            Column(
                "sha256",
                label="SHA-256",
                accessor=lambda v: format_html(
                    '<code title="{}">{}…{}</code>', v.sha256, v.sha256[:8], v.sha256[-8:]
                ),
            ),
        ]


def _moment(value: Any) -> str:
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
