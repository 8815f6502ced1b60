"""Closing a zone for a reader and opening it again, each with a reason; the addresses of these screens."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse, reverse_lazy
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from cms.models import ZonePage
from gate.admin.people.reader_standing import ZoneAccess, accesses_of, managed_zones
from gate.admin.people.reader_views import FindReaderView, OfOneReader, ReaderView
from gate.errors import GateError
from gate.models import User
from gate.steps.admissions import reopen_admission, revoke_admission

REASON_LENGTH = 300


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("For the record of staff; the reader does not see it."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Please give a reason.")},
    )


class ChangeAccessView(OfOneReader, FormView[ReasonForm]):
    """Base of closing and opening: one confirmation with the consequences and a reason."""

    template_name = "gate/readers/change.html"
    form_class = ReasonForm
    explanation: str | Promise = ""
    button: str | Promise = ""
    is_serious = False

    @cached_property
    def zone(self) -> ZonePage:
        return get_object_or_404(ZonePage, pk=self.kwargs["zone"], pk__in=[zone.pk for zone in self.zones])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return self.crumbs(
            {"url": self.get_success_url(), "label": str(self.reader)},
            {"url": "", "label": self.zone.title},
        )

    def get_success_url(self) -> str:
        return reverse("gate_readers:reader", args=[self.reader.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = {"reader": str(self.reader), "zone": self.zone.title}
        return super().get_context_data(**kwargs) | {
            "explanation": str(self.explanation) % names,
            "button": self.button,
            "is_serious": self.is_serious,
            "back_url": self.get_success_url(),
        }

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            messages.success(self.request, self.change(form.cleaned_data["reason"]))
        except GateError as refusal:
            messages.error(self.request, refusal.message)
        else:
            self.warn()
        return super().form_valid(form)

    def change(self, reason: str) -> str:
        """Store the change; returns the message about it."""
        raise NotImplementedError

    def warn(self) -> None:
        """Show a warning where the zone is not as the act suggests."""

    def now(self) -> ZoneAccess:
        (found,) = accesses_of(self.reader, [self.zone])
        return found


class CloseView(ChangeAccessView):
    page_title = gettext_lazy("Close a zone")
    explanation = gettext_lazy(
        "%(zone)s closes to %(reader)s with their next request, and they are notified by mail. No step "
        "they take opens it again; you can."
    )
    button = gettext_lazy("Close the zone")
    is_serious = True

    def change(self, reason: str) -> str:
        revoke_admission(user=self.reader, zone=self.zone, by=self.viewer, reason=reason)
        return _("%(zone)s is closed to %(reader)s.") % {"zone": self.zone.title, "reader": self.reader}

    def warn(self) -> None:
        if self.now().decision.allowed:
            messages.warning(self.request, _("A grant still opens the zone to them. Take it back, too."))


class ReopenView(ChangeAccessView):
    page_title = gettext_lazy("Open a zone again")
    explanation = gettext_lazy("%(zone)s opens to %(reader)s again, and they are notified by mail.")
    button = gettext_lazy("Open the zone again")

    def change(self, reason: str) -> str:
        reopen_admission(user=self.reader, zone=self.zone, by=self.viewer, reason=reason)
        return _("%(zone)s is no longer closed to %(reader)s.") % {
            "zone": self.zone.title,
            "reader": self.reader,
        }

    def warn(self) -> None:
        if not self.now().decision.allowed:
            messages.warning(self.request, _("Some of their own steps are missing: they have to take them."))


class ReaderMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(managed_zones(cast("User", request.user)))


class ReaderViewSet(ViewSet):
    name = "gate_readers"
    url_prefix = "gate/readers"
    icon = "user"
    menu_label = gettext_lazy("Access of readers")
    menu_item_class = ReaderMenuItem

    @cached_property
    def menu_url(self) -> Any:
        return reverse_lazy("gate_readers:index")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", FindReaderView.as_view(), name="index"),
            path("<uuid:reader>/", ReaderView.as_view(), name="reader"),
            path("<uuid:reader>/<int:zone>/close/", CloseView.as_view(), name="close"),
            path("<uuid:reader>/<int:zone>/reopen/", ReopenView.as_view(), name="reopen"),
        ]
