"""Wagtail's user screens with our forms."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.users.views import users

from gate.models import User
from gate.people.forms import PersonCreationForm, PersonEditForm


class IndexView(users.IndexView):
    """Searches the name that people have."""

    search_fields = {"display_name", "email"}

    def get_base_queryset(self) -> QuerySet[User]:
        return User.objects.select_related("wagtail_userprofile")


class CreateView(users.CreateView):
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
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}


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
