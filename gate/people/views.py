"""Wagtail's user screens with our forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.users.views import users

from gate.models import AuditEvent, User
from gate.people.forms import PersonCreationForm, PersonEditForm
from gate.privacy import keyed_hash


class IndexView(users.IndexView):
    """Searches the name that people have."""

    search_fields = {"display_name", "email"}

    def get_base_queryset(self) -> QuerySet[User]:
        # Whoever was erased is a number that only evidence points to.
        return User.objects.filter(erased_at=None).select_related("wagtail_userprofile")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        """On record: that people were listed or searched, not what was typed, which is personal data."""
        response: TemplateResponse = super().get(request, *args, **kwargs)
        shown = len(response.context_data["page_obj"]) if response.context_data else 0
        if self.is_searching:
            sought = keyed_hash(self.search_query.strip().lower(), purpose="search")
            _record(AuditEvent.Action.PEOPLE_SEARCHED, request, shown=shown, sought=sought)
        else:
            _record(AuditEvent.Action.PEOPLE_LISTED, request, shown=shown)
        return response


class CreateView(users.CreateView):
    def save_instance(self) -> User:
        made: User = super().save_instance()
        _record(AuditEvent.Action.PERSON_CREATED, self.request, made)
        return made

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}


class EditView(users.EditView):
    """Asks about this account, not only about accounts."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.user_has_permission_for_instance("change", self.object):
            raise PermissionDenied
        if request.method in ("GET", "HEAD"):
            _record(AuditEvent.Action.PERSON_VIEWED, request, self.object)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_instance(self) -> User:
        saved: User = super().save_instance()
        fields = sorted(name for name in self.form.changed_data if "password" not in name)
        if any("password" in name for name in self.form.changed_data):
            fields.append("password")
        _record(AuditEvent.Action.PERSON_CHANGED, self.request, saved, fields=fields)
        return saved


def _record(
    action: AuditEvent.Action, request: HttpRequest, person: User | None = None, **detail: Any
) -> None:
    AuditEvent.record(action, request.user, person, person or "user", **detail)


class PersonViewSet(users.UserViewSet):
    model = User
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    copy_view_enabled = False
    create_template_name = "gate/people/create.html"
    edit_template_name = "gate/people/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return PersonEditForm if for_update else PersonCreationForm
