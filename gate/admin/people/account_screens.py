"""Wagtail's user screens with our forms."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.permissions import policy_registry
from wagtail.users.views import users

from gate.admin.people.account_forms import PersonCreationForm, PersonEditForm
from gate.admin.people.reader_standing import reader_url
from gate.models import AuditEvent, ProposedGrant, User
from gate.people.reset_links import follow_address, send_password_link
from gate.sealing import keyed_hash


class IndexView(users.IndexView):
    """Searches by the display name."""

    search_fields = {"display_name", "email"}
    list_export = ["email", "display_name", "locale", "is_active", "date_joined", "last_login"]
    export_filename = "people"

    def get_base_queryset(self) -> QuerySet[User]:
        # An erased account is a number that only evidence refers to.
        return User.objects.filter(erased_at=None).select_related("wagtail_userprofile")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Record that users were listed, exported or searched; not the search text: personal data."""
        response = super().get(request, *args, **kwargs)
        if self.is_export:
            people, form = self.object_list.count(), request.GET["export"]
            _record(AuditEvent.Action.PEOPLE_LISTED, request, shown=people, format=form)
            return response
        shown = len(response.context_data["page_obj"]) if response.context_data else 0
        if self.is_searching:
            sought = keyed_hash(self.search_query.strip().lower(), purpose="search")
            _record(AuditEvent.Action.PEOPLE_SEARCHED, request, shown=shown, sought=sought)
        else:
            _record(AuditEvent.Action.PEOPLE_LISTED, request, shown=shown)
        return response


class CreateView(users.CreateView):
    """Creates an account without a password and sends its user the link to set one."""

    def save_instance(self) -> User:
        made: User = super().save_instance()
        EmailAddress.objects.get_or_create(
            user=made, email=made.email, defaults={"primary": True, "verified": False}
        )
        _record(AuditEvent.Action.PERSON_CREATED, self.request, made)
        _show_proposals(self.request, self.form.propose_groups(made))
        return made

    def save_action(self) -> HttpResponse:
        response: HttpResponse = super().save_action()
        if not send_password_link(self.request, self.object, by=self.request.user):
            messages.warning(self.request, _("No link was sent: too many in a short time. Send it later."))
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}


class EditView(users.EditView):
    """Checks the permission for this account, not only for accounts in general."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission_for_instance("change", self.object):
            messages.error(request, _("This account has rights that yours does not include giving."))
            raise PermissionDenied
        self.address = self.object.email
        if request.method in ("GET", "HEAD"):
            _record(AuditEvent.Action.PERSON_VIEWED, request, self.object)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_instance(self) -> User:
        saved: User = super().save_instance()
        if saved.email != self.address:
            follow_address(saved, before=self.address)
        fields = sorted(name for name in self.form.changed_data if name != "proposal_reason")
        _record(AuditEvent.Action.PERSON_CHANGED, self.request, saved, fields=fields)
        _show_proposals(self.request, self.form.propose_groups(saved))
        return saved

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = super().header_more_buttons
        if self.object.is_active and not self.editing_self:
            url = reverse("wagtailusers_users:send_link", args=[self.object.pk])
            buttons.append(Button(_("Send a link to set a password"), url=url, icon_name="mail", priority=5))
        if access := reader_url(self.object, self.request.user):
            buttons.append(Button(_("Access to zones"), url=access, icon_name="lock", priority=6))
        return buttons


class SendLinkView(WagtailAdminTemplateMixin, TemplateView):
    """Mails the user a link to set their password, after a confirmation. No user sets another's password."""

    template_name = "gate/people/send_link.html"
    page_title = gettext_lazy("Send a link to set a password")
    header_icon = "mail"
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.user = get_object_or_404(User, pk=kwargs["pk"], erased_at=None, is_active=True)
        policy = policy_registry.get_by_type(User)
        if not policy.user_has_permission_for_instance(request.user, "change", self.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_page_subtitle(self) -> str:
        return str(self.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"person": self.user}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if send_password_link(request, self.user, by=cast("User", request.user)):
            messages.success(request, _("The link is on its way to %(person)s.") % {"person": self.user})
        else:
            messages.error(request, _("Too many links were sent to this address. Try again later."))
        return redirect("wagtailusers_users:edit", self.user.pk)


def _show_proposals(request: HttpRequest, proposed: list[ProposedGrant]) -> None:
    for row in proposed:
        text = _("Waits for a second administrator: %(what)s.") % {"what": row.what}
        messages.warning(request, text)


def _record(action: AuditEvent.Action, request: HttpRequest, user: User | None = None, **detail: Any) -> None:
    AuditEvent.record(action, request.user, user, user or "user", **detail)


class PersonViewSet(users.UserViewSet):
    model = User
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    copy_view_enabled = False
    create_template_name = "gate/people/create.html"
    edit_template_name = "gate/people/edit.html"

    def get_urlpatterns(self) -> list[Any]:
        own = path("send-link/<int:pk>/", SendLinkView.as_view(), name="send_link")
        return [*super().get_urlpatterns(), own]

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return PersonEditForm if for_update else PersonCreationForm
