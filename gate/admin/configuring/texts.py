"""Agreements in the admin: edit the draft, publish it as a version. Questionnaires share the views."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Prefetch, QuerySet
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.button import HeaderButton

from gate.admin.configuring import instances
from gate.admin.configuring.agreement_preview import AgreementPreviewView
from gate.admin.configuring.instances import CheckedViewSet
from gate.admin.configuring.publishing import PublishAgreementView, PublishView
from gate.models import Agreement
from gate.models.agreements import STATEMENT_FIELDS


class VersionedEditView(instances.EditView):
    """The edit page with a way to the versions."""

    versions_url_name = ""
    publish_permission = ""

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.request.user.has_perm(self.publish_permission):
            return []
        url = reverse(self.versions_url_name, args=[self.object.pk])
        return [HeaderButton(_("Versions"), url=url, icon_name="history")]

    def get_success_message(self) -> str:
        return _("The draft of “%(title)s” is saved. Publish it as a version to show it to readers.") % {
            "title": self.object
        }


class VersionedIndexView(instances.IndexView):
    """Shows which version is in force."""

    def get_base_queryset(self) -> QuerySet[Any]:
        versions = self.model._meta.get_field("versions")
        # Whether a row may be deleted depends on having any; their texts are not needed for that.
        slim = versions.related_model._default_manager.only("pk", versions.field.name)
        return (
            super()
            .get_base_queryset()
            .annotate(current_version=Max("versions__number"))
            .prefetch_related(Prefetch("versions", slim), "steps")
        )


class VersionedViewSet(CheckedViewSet):
    """Base of the two; `publish_view_class` is the page of its versions."""

    index_view_class = VersionedIndexView
    edit_view_class = VersionedEditView
    list_display = [
        "title",
        "kind",
        Column(
            "current_version",
            label=gettext_lazy("Published version"),
            accessor=lambda row: row.current_version or _("not yet published"),
        ),
    ]
    list_filter = ["kind"]
    search_fields = ["title"]
    ordering = ["title"]
    publish_view_class: type[PublishView]

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(
            versions_url_name=self.get_url_name("versions"),
            publish_permission=self.publish_view_class.permission,
            **kwargs,
        )

    def get_urlpatterns(self) -> list[Any]:
        view = self.publish_view_class.as_view(
            edit_url_name=self.get_url_name("edit"), index_url_name=self.get_url_name("index")
        )
        return [*super().get_urlpatterns(), path("versions/<int:pk>/", view, name="versions")]


class AgreementEditView(VersionedEditView):
    """The draft, with ways to its preview and its versions."""

    @property
    def header_buttons(self) -> list[Any]:
        url = reverse("gate_agreements:preview", args=[self.object.pk])
        return [HeaderButton(_("Preview"), url=url, icon_name="view"), *super().header_buttons]


class AgreementViewSet(VersionedViewSet):
    model = Agreement
    name = "gate_agreements"
    url_prefix = "gate/agreements"
    icon = "doc-full"
    menu_label = gettext_lazy("Agreements")
    publish_view_class = PublishAgreementView
    edit_view_class = AgreementEditView
    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("locale")]),
        FieldPanel("draft_text"),
        MultiFieldPanel(
            [
                FieldPanel(name, widget=AdminAutoHeightTextInput(attrs={"rows": 2}))
                for name in STATEMENT_FIELDS
            ],
            heading=gettext_lazy("What is done with the data"),
            help_text=gettext_lazy(
                "Stands above the text and in each receipt. A text on sensitive information needs all of it."
            ),
        ),
        InlinePanel("draft_links", heading=gettext_lazy("Linked documents"), label=gettext_lazy("Document")),
    ]

    def get_urlpatterns(self) -> list[Any]:
        view = AgreementPreviewView.as_view(permission_policy=self.permission_policy)
        preview = xframe_options_sameorigin(view)
        return [
            *super().get_urlpatterns(),
            path("preview/<int:pk>/", preview, name="preview"),
            path("preview/<int:pk>/<int:number>/", preview, name="preview_version"),
        ]
