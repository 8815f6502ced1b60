"""The admin's screens of webhooks: endpoints, deliveries, and replay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateView
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from api.models import Delivery, WebhookEndpoint
from api.webhooks import delivery, targets
from api.webhooks.signing_secrets import give_secret
from gate.notify import EVENTS

CHANGE = "api.change_webhookendpoint"


class EndpointForm(WagtailAdminModelForm):
    """Address and events. The secret is generated here and never shown again."""

    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[
            (name, format_html("<span>{} <code>{}</code></span>", label, name))
            for name, label in EVENTS.items()
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None chosen: every event, also those to come."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["name", "url", "events", "active"]
        labels = {"name": gettext_lazy("Name of the receiver")}

    secret: str | None = None

    def clean_url(self) -> str:
        """Of the right form, and not an internal address as far as can be checked now."""
        url = str(self.cleaned_data["url"])
        try:
            targets.resolve(url)
        except targets.TargetRefused as error:
            raise ValidationError(error.message, code=error.code) from error
        except OSError as error:
            raise ValidationError(_("This name is not known."), code="unknown_host") from error
        return url

    def save(self, commit: bool = True) -> Any:
        if self.instance.pk is None:
            self.secret = give_secret(self.instance)
        return super().save(commit)


class EndpointCreateView(generic.CreateView):
    """Shows the secret once, on the page after."""

    def save_instance(self) -> Any:
        instance = super().save_instance()
        text = _("The secret of this webhook, shown only now: %(secret)s") % {"secret": self.form.secret}
        messages.warning(self.request, text)
        return instance


class EndpointViewSet(ModelViewSet):
    """The screens of endpoints."""

    model = WebhookEndpoint
    name = "webhooks"
    url_prefix = "webhooks/endpoints"
    icon = "link-external"
    menu_label = gettext_lazy("Webhooks")
    copy_view_enabled = False
    add_view_class = EndpointCreateView
    list_display = ["name", "url", "active", DateColumn("created_at", label=gettext_lazy("created"))]
    search_fields = ["name", "url"]

    def get_form_class(self, for_update: bool = False) -> type[EndpointForm]:
        return EndpointForm


class DeliveryIndexView(generic.IndexView):
    """The list of deliveries and their results; nothing here is edited."""

    any_permission_required = ["view", "change"]

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.request.user.has_perm(CHANGE):
            return []
        return [HeaderButton(_("Send again …"), url=reverse("webhook_deliveries:replay"), icon_name="rotate")]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("message", "endpoint")

    def get_add_url(self) -> None:
        return None

    def get_edit_url(self, instance: Any) -> None:
        return None

    def get_delete_url(self, instance: Any) -> None:
        return None


class ReplayView(WagtailAdminTemplateMixin, TemplateView):
    """Send again what was given up, or everything of one day; receivers recognise a message by its id."""

    template_name = "api/webhooks/replay.html"
    page_title = gettext_lazy("Send webhooks again")
    header_icon = "rotate"
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        dead = Delivery.objects.filter(state=Delivery.State.DEAD).count()
        return super().get_context_data(**kwargs) | {"dead": dead}

    def post(self, request: HttpRequest) -> HttpResponse:
        sent = delivery.replay(Delivery.objects.filter(state=Delivery.State.DEAD))
        text = ngettext(
            "%(n)s delivery is on its way again.", "%(n)s deliveries are on their way again.", sent
        )
        messages.success(request, text % {"n": sent})
        return redirect("webhook_deliveries:index")


class DeliveryViewSet(ModelViewSet):
    """The screens of deliveries."""

    model = Delivery
    name = "webhook_deliveries"
    url_prefix = "webhooks/deliveries"
    icon = "history"
    menu_label = gettext_lazy("Webhook deliveries")
    index_view_class = DeliveryIndexView
    form_fields: list[str] = []
    copy_view_enabled = False
    list_display = [
        Column("message", label=gettext_lazy("event"), accessor="message.event"),
        Column("uuid", label="webhook-id", accessor="message.uuid"),
        Column("endpoint", label=gettext_lazy("webhook"), accessor="endpoint.name"),
        Column("state", label=gettext_lazy("state"), accessor="get_state_display"),
        "attempts",
        "last_result",
        DateColumn("due_at", label=gettext_lazy("next attempt")),
    ]
    list_filter = ["state", "endpoint"]

    def get_urlpatterns(self) -> list[Any]:
        """The list and the replay: rows are neither added, changed nor deleted by hand."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("replay/", ReplayView.as_view(), name="replay"),
        ]


class WebhooksGroup(ViewSetGroup):
    """One entry of the menu."""

    menu_label = gettext_lazy("Webhooks")
    menu_icon = "link-external"
    menu_order = 270
    items = (EndpointViewSet, DeliveryViewSet)
