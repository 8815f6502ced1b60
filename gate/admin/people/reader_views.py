"""Finds a reader by address, and shows which zones are open to them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView
from django.views.generic.edit import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.models import ZonePage
from gate.admin.people.reader_standing import accesses_of, managed_zones
from gate.models import AuditEvent, User
from gate.people.reviewing import is_reviewer, reviewable_cases
from gate.sealing import keyed_hash


class ManagerRequired(WagtailAdminTemplateMixin):
    """Mixin of every view: managers of a gate only; no response is cached."""

    request: HttpRequest
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.zones:
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    @property
    def viewer(self) -> User:
        return cast("User", self.request.user)

    @cached_property
    def zones(self) -> list[ZonePage]:
        return managed_zones(self.viewer)

    def crumbs(self, *more: dict[str, str]) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("gate_readers:index"), "label": _("Access of readers")},
            *more,
        ]


class FindForm(forms.Form):
    """The reader is named by address: no list of users is shown."""

    email = forms.EmailField(label=gettext_lazy("email address of the user"))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if not User.objects.filter(email=email, erased_at=None).exists():
            raise forms.ValidationError(_("There is no account with this address."))
        return email


class FindReaderView(ManagerRequired, FormView[FindForm]):
    """A POST, so that no mail address stands in the address of a page."""

    template_name = "gate/readers/find.html"
    page_title = gettext_lazy("Access of readers")
    form_class = FindForm

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.crumbs()[:-1], {"url": "", "label": _("Access of readers")}]

    def form_valid(self, form: FindForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        sought = keyed_hash(email, purpose="search")
        AuditEvent.record(AuditEvent.Action.PEOPLE_SEARCHED, self.viewer, target="user", sought=sought)
        return redirect("gate_readers:reader", User.objects.get(email=email).uuid)


class OfOneReader(ManagerRequired):
    """Mixin of the views of one reader. An erased account is not found."""

    kwargs: dict[str, Any]

    @cached_property
    def reader(self) -> User:
        return get_object_or_404(User, uuid=self.kwargs["reader"], erased_at=None)

    def get_page_subtitle(self) -> str:
        return str(self.reader)


class ReaderView(OfOneReader, TemplateView):
    """The reader's access to the viewer's zones, with links to change it; a look is on record."""

    template_name = "gate/readers/reader.html"
    page_title = gettext_lazy("Access to zones")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return self.crumbs({"url": "", "label": str(self.reader)})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        AuditEvent.record(AuditEvent.Action.PERSON_VIEWED, self.viewer, self.reader, self.reader)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = None
        if is_reviewer(self.viewer):
            case = reviewable_cases(self.viewer).filter(user=self.reader).order_by("-pk").first()
        return super().get_context_data(**kwargs) | {
            "reader": self.reader,
            "is_oneself": self.reader.pk == self.viewer.pk,
            "accesses": accesses_of(self.reader, self.zones),
            "case": case,
        }
