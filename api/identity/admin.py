"""Front ends and services in the admin: list, create, edit, new secret, delete. A secret is shown once."""

from __future__ import annotations

from typing import Any, cast

from allauth.idp.oidc.models import Client
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from api.identity import clients
from api.identity.client_form import ClientForm
from api.identity.clients import Kind
from api.identity.docs_client import DOCS_CLIENT
from gate.models import User

CHANGE = "allauth_idp_oidc.change_client"


def show_secret(request: HttpRequest, client: Client, secret: str) -> HttpResponse:
    """The page with the secret: an answer and no message, which would lie in a cookie."""
    context = {
        "client": client,
        "secret": secret if clients.kind_of(client) != Kind.BROWSER else "",
        "page_title": client.name,
        "header_icon": "key",
        "list_url": reverse("clients:index"),
    }
    return render(request, "api/identity/secret.html", context)  # Wagtail keeps its pages out of caches


class ClientIndexView(generic.IndexView):
    """Who signs in through us."""

    @cached_property
    def columns(self) -> list[Any]:
        """allauth's model has no word for the name that could be translated."""
        columns: list[Any] = super().columns
        for column in columns:
            if column.name == "name":
                column.label = _("Name that readers see")
        return columns

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("owner").order_by("name", "pk")

    def get_edit_url(self, instance: Any) -> str | None:
        return None if instance.pk == DOCS_CLIENT else super().get_edit_url(instance)

    def get_delete_url(self, instance: Any) -> str | None:
        return None if instance.pk == DOCS_CLIENT else super().get_delete_url(instance)

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if self.request.user.has_perm(CHANGE) and clients.kind_of(instance) != Kind.BROWSER:
            url = reverse("clients:secret", args=[instance.pk])
            buttons.append(Button(_("New secret …"), url=url, icon_name="key", priority=15))
        return buttons


class ClientCreateView(generic.CreateView):
    """Answers with the secret itself."""

    secret = ""

    def save_instance(self) -> Any:
        client = self.form.configure()
        self.secret = clients.register(client, by=self.request.user)
        return client

    def save_action(self) -> HttpResponse:
        return show_secret(self.request, self.object, self.secret)


class ByName:
    """allauth's clients call themselves by their id; people know their names."""

    object: Client
    success_message: Any

    def get_object(self, *args: Any, **kwargs: Any) -> Client:
        """Not the documentation's own client: each `migrate` resets that."""
        client: Client = super().get_object(*args, **kwargs)  # type: ignore[misc]
        if client.pk == DOCS_CLIENT:
            raise PermissionDenied
        return client

    def get_page_subtitle(self) -> str:
        return self.object.name

    def get_success_message(self) -> str:
        words = {"object": self.object.name, "model_name": Client._meta.verbose_name}
        return capfirst(self.success_message % words)


class ClientEditView(ByName, generic.EditView):
    def save_instance(self) -> Any:
        client = self.form.configure()
        clients.change(client, by=self.request.user)
        return client


class ClientDeleteView(ByName, generic.DeleteView):
    page_title = gettext_lazy("Delete")

    @property
    def confirmation_message(self) -> str:
        return _("“%(name)s” can no longer sign users in, and all its tokens end at once.") % {
            "name": self.object.name
        }

    def delete_action(self) -> None:
        clients.delete(self.object, by=self.request.user)


class SecretView(WagtailAdminTemplateMixin, TemplateView):
    """A new secret; the old one stays valid for a day, or ends at once."""

    template_name = "api/identity/new_secret.html"
    page_title = gettext_lazy("New secret")
    header_icon = "key"
    http_method_names = ["get", "head", "post"]

    @cached_property
    def client(self) -> Client:
        client = get_object_or_404(Client, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(CHANGE) or clients.kind_of(client) == Kind.BROWSER:
            raise PermissionDenied
        return client

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"client": self.client}

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        leaked = request.POST.get("former") == "end"
        secret = clients.give_new_secret(self.client, by=cast(User, request.user), end_former=leaked)
        return show_secret(request, self.client, secret)


class ClientViewSet(ModelViewSet):
    """Front ends and services."""

    model = Client
    name = "clients"
    url_prefix = "clients"
    icon = "key"
    menu_label = gettext_lazy("Front ends")
    menu_order = 265
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = ClientIndexView
    add_view_class = ClientCreateView
    edit_view_class = ClientEditView
    delete_view_class = ClientDeleteView
    list_display = [
        "name",
        Column("pk", label="client_id", accessor="pk"),
        Column("kind", label=gettext_lazy("kind"), accessor=lambda client: _short(client)),
        DateColumn("created_at", label=gettext_lazy("created")),
    ]
    search_fields = ["name", "id"]

    def get_form_class(self, for_update: bool = False) -> type[ClientForm]:
        return ClientForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("secret/<str:pk>/", SecretView.as_view(), name="secret"),
        ]


def _short(client: Client) -> str:
    words = {Kind.BROWSER: _("app"), Kind.SERVER: _("server app"), Kind.SERVICE: _("service")}
    kind = words[clients.kind_of(client)]
    return _("%(kind)s, in development") % {"kind": kind} if clients.is_for_development(client) else kind
