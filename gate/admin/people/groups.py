"""Wagtail's group screens, which give powers by the rule of gate/people/giving.py only.

The permission to see every credential, ticked here, waits for a second administrator.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.contrib.settings.forms import SitePermissionForm
from wagtail.users.forms import GroupForm
from wagtail.users.views import groups

from gate.models import AuditEvent, ProposedGrant
from gate.people.giving import Giver, Ruling
from gate.people.powers import Power, permission, powers_by_group, site_power
from gate.people.proposals import propose


class GroupRightsForm(GroupForm):
    """Holds back the permissions that a second administrator confirms; the view applies the rule."""

    proposal_reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Needed to let the group see credentials. A second administrator reads it and confirms."
        ),
    )

    def clean_permissions(self) -> list[Permission]:
        """The permissions to save at once.

        Without new ones that show credentials, which are in `held_back`, and with those that the group has
        but the screen does not offer.
        """
        had = list(self.instance.permissions.select_related("content_type")) if self.instance.pk else []
        chosen = list(self.cleaned_data["permissions"])
        self.added = [right for right in chosen if right not in had]
        self.held_back = [right for right in self.added if power_of(right).shows_credentials]
        offered = set(self.registered_permissions)
        kept = [right for right in had if right not in offered]
        return [right for right in chosen if right not in self.held_back] + kept

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if getattr(self, "held_back", []) and not (data.get("proposal_reason") or "").strip():
            self.add_error("proposal_reason", _("Give the reason; a second administrator confirms it."))
        return data


def power_of(right: Permission) -> Power:
    return permission(right.content_type.app_label, right.codename)


def powers_in_panel(panel: forms.BaseFormSet | SitePermissionForm) -> Iterator[Power]:
    """The powers that a panel of the group form gives: rights on pages, collections of files, or sites."""
    if isinstance(panel, SitePermissionForm):
        right = panel.permission
        for site in panel.cleaned_data["sites"]:
            yield site_power(site.pk, right.content_type.app_label, right.codename)
        return
    for form in panel.forms:
        data = getattr(form, "cleaned_data", {})
        place = data.get("page") or data.get("collection")
        if place is None or form in panel.deleted_forms:
            continue
        kind = "page" if "page" in data else "collection"
        for right in data["permissions"]:
            yield Power(kind, place.path, right.codename)


class RuledMixin:
    """Refuses, beside the form, powers that the user may not give; leaves an audit row."""

    request: HttpRequest
    object: Any

    @cached_property
    def giver(self) -> Giver:
        return Giver(self.request.user)  # type: ignore[arg-type]  # the admin's door lets accounts in only

    def is_valid(self, form: GroupRightsForm) -> bool:
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        had = powers_by_group([self.object.pk])[self.object.pk] if self.object.pk else frozenset()
        wanted = {power_of(right) for right in form.added}
        for panel in self.permission_panel_forms:  # type: ignore[attr-defined]
            wanted.update(powers_in_panel(panel))
        self.given = wanted - had
        group = self.object if self.object.pk else None
        if not [power for power in self.given if self.giver.rule([power], group=group) == Ruling.NO]:
            return True
        form.add_error(None, _("Your rights do not include giving some of these. Ask an administrator."))
        self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
        return False

    def process_form(self) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().process_form()  # type: ignore[misc]
        return response

    def save_instance(self) -> Any:
        saved: Group = super().save_instance()  # type: ignore[misc]
        by, form = self.giver.user, self.form  # type: ignore[attr-defined]
        given = sorted({power.what for power in self.given if not power.shows_credentials})
        AuditEvent.record(AuditEvent.Action.GROUP_CHANGED, by, None, saved, given=given)
        if form.held_back:
            reason = form.cleaned_data["proposal_reason"]
            propose(kind=ProposedGrant.Kind.PERMISSION, by=by, reason=reason, group=saved)
            messages.warning(
                self.request, _("A second administrator confirms that the group sees credentials.")
            )
        return saved


class CreateView(RuledMixin, groups.CreateView):
    pass


class OwnGroupMixin:
    """Checks the permission for this group, not only for groups in general."""

    permission_needed = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        group = self.get_object()  # type: ignore[attr-defined]
        if not self.user_has_permission_for_instance(self.permission_needed, group):  # type: ignore[attr-defined]
            messages.error(request, _("You are in this group: another administrator changes it."))
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class EditView(OwnGroupMixin, RuledMixin, groups.EditView):
    pass


class DeleteView(OwnGroupMixin, groups.DeleteView):
    permission_needed = "delete"


class GroupViewSet(groups.GroupViewSet):
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    template_prefix = "wagtailusers/groups/"
    create_template_name = "gate/people/group_form.html"
    edit_template_name = "gate/people/group_form.html"

    def get_form_class(self, for_update: bool = False) -> type[GroupRightsForm]:
        return GroupRightsForm
