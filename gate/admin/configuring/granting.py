"""Grants in the admin: give a right for a zone with a reason and an end, or revoke it. Never edited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.widgets import AdminDateTimeInput

from gate.admin.configuring import instances
from gate.admin.configuring.instances import CheckedViewSet
from gate.models import (
    ProposedGrant,
    User,
    ZoneGate,
    ZoneGroupObjectPermission,
    ZoneUserObjectPermission,
)
from gate.people.giving import Giver, Ruling
from gate.people.grants import RIGHT_LABELS, Right, grant, revoke_grant, zones_with_right
from gate.people.powers import zone_power
from gate.people.proposals import propose

# Long enough for a project, short enough to check now and then whether it is still needed.
USUAL_TERM = timedelta(days=90)


class GrantForm(WagtailAdminModelForm):
    """`for_user` is who grants. Without the global permission they give reading only, in their zones only."""

    right = forms.ChoiceField(
        label=gettext_lazy("right"), choices=[(right.value, label) for right, label in RIGHT_LABELS.items()]
    )

    class Meta:
        fields = ["content_object", "reason", "expires_at"]
        widgets = {"expires_at": AdminDateTimeInput}
        labels = {"content_object": gettext_lazy("zone")}
        help_texts = {"expires_at": gettext_lazy("Left empty: until it is taken back.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.giver = Giver(self.for_user)
        self.fields["expires_at"].initial = timezone.now() + USUAL_TERM
        add = f"gate.add_{self._meta.model._meta.model_name}"
        if not self.for_user.has_perm(add):
            zones = zones_with_right(self.for_user, Right.GRANT_ACCESS)
            self.fields["content_object"].queryset = ZoneGate.objects.filter(pk__in=zones)
            self.fields["right"].choices = [(Right.READ.value, RIGHT_LABELS[Right.READ])]

    def clean_expires_at(self) -> Any:
        ends = self.cleaned_data["expires_at"]
        if ends is not None and ends <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."))
        return ends

    def clean(self) -> dict[str, Any]:
        """Check the grant against the rule of gate/people/giving.py."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.waits = False
        if {"right", "content_object"} <= set(data) and not self.errors:
            power = zone_power(data["content_object"].pk, data["right"])
            ruling = self.giver.rule([power], **self.holder())
            if ruling == Ruling.NO:
                self.add_error("right", _("Your rights do not include giving this one."))
            self.waits = ruling == Ruling.SECOND
        return data

    def holder(self) -> dict[str, Any]:
        """`user` or `group` for grants.grant()."""
        raise NotImplementedError

    def _get_validation_exclusions(self) -> set[str]:
        # The row is made by guardian, which knows the permission only then.
        return {*super()._get_validation_exclusions(), "permission", "user", "group"}

    def save(self, commit: bool = True) -> Any:
        """The grant, or the proposal that waits for a second administrator."""
        data = self.cleaned_data
        if self.waits:
            return propose(
                kind=ProposedGrant.Kind.ZONE,
                by=self.for_user,
                reason=data["reason"],
                gate=data["content_object"],
                ends_at=data["expires_at"],
                **self.holder(),
            )
        self.instance = grant(
            **self.holder(),
            zone_id=data["content_object"].pk,
            right=data["right"],
            reason=data["reason"],
            expires_at=data["expires_at"],
            by=self.for_user,
        )
        return self.instance


class PersonGrantForm(GrantForm):
    """The user is named by address: no list of users is shown."""

    email = forms.EmailField(label=gettext_lazy("email address of the user"))

    class Meta(GrantForm.Meta):
        model = ZoneUserObjectPermission

    field_order = ["email", "content_object", "right", "reason", "expires_at"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if not User.objects.filter(email=email, is_active=True).exists():
            raise forms.ValidationError(_("There is no active account with this address."))
        if email == self.for_user.email:
            raise forms.ValidationError(_("You cannot give a right to yourself."))
        return email

    def holder(self) -> dict[str, Any]:
        return {"user": User.objects.get(email=self.cleaned_data["email"])}


class GroupGrantForm(GrantForm):
    chosen = forms.ModelChoiceField(label=gettext_lazy("group"), queryset=Group.objects.order_by("name"))

    class Meta(GrantForm.Meta):
        model = ZoneGroupObjectPermission

    field_order = ["chosen", "content_object", "right", "reason", "expires_at"]

    def clean_chosen(self) -> Group:
        group: Group = self.cleaned_data["chosen"]
        if group.pk in self.giver.group_ids:
            raise forms.ValidationError(_("You are in this group: another administrator gives it rights."))
        return group

    def holder(self) -> dict[str, Any]:
        return {"group": self.cleaned_data["chosen"]}


class GrantCreateView(generic.CreateView):
    """The form saves through grants.grant(), or proposes a right that shows credentials."""

    def save_instance(self) -> Any:
        return self.form.save()

    def get_success_message(self, instance: Any) -> str:
        if self.form.waits:
            return _("The right waits for a second administrator. Until then it has no effect.")
        return _("The right is given.")

    def get_success_buttons(self) -> list[Any]:
        return []


class GrantIndexView(instances.IndexView):
    """Shows user or group in a column of its own: guardian's fields have no translated name."""

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        column = super()._get_title_column(field_name, *args, **kwargs)
        column.label = _("group") if field_name == "group" else _("person")
        return column


class GrantDeleteView(instances.DeleteView):
    """Revoking leaves an audit row."""

    page_title = gettext_lazy("Take back")
    success_message = gettext_lazy("The right is revoked. It ends with the next request.")

    @property
    def confirmation_message(self) -> str:
        return _("Revoke this right? It ends with the next request.")

    def delete_action(self) -> None:
        revoke_grant(self.object, by=self.request.user)


def _end(row: Any) -> str:
    if row.expires_at is None:
        return _("until taken back")
    ended = row.expires_at <= timezone.now()
    day = date_format(timezone.localtime(row.expires_at), "SHORT_DATETIME_FORMAT")
    return _("ended %(day)s") % {"day": day} if ended else day


class GrantViewSet(CheckedViewSet):
    """Base of the grants to users and to groups."""

    index_view_class = GrantIndexView
    add_view_class = GrantCreateView
    delete_view_class = GrantDeleteView
    add_to_reference_index = False
    icon = "key"
    ordering = ["-granted_at"]
    form_class: type[GrantForm]
    holder = ""

    @property
    def list_display(self) -> list[Any]:
        return [
            self.holder,
            Column("zone", label=gettext_lazy("zone"), accessor=lambda row: row.content_object.zone.title),
            Column(
                "right",
                label=gettext_lazy("right"),
                accessor=lambda row: RIGHT_LABELS[Right(row.permission.codename)],
            ),
            "reason",
            Column("ends", label=gettext_lazy("ends"), accessor=_end),
            Column("granted_by", label=gettext_lazy("given by"), accessor=lambda row: row.granted_by or ""),
        ]

    def get_form_class(self, for_update: bool = False) -> type[GrantForm]:
        return self.form_class


class PersonGrantViewSet(GrantViewSet):
    model = ZoneUserObjectPermission
    name = "gate_person_grants"
    url_prefix = "gate/grants/people"
    menu_label = gettext_lazy("Grants to users")
    form_class = PersonGrantForm
    holder = "user"


class GroupGrantViewSet(GrantViewSet):
    model = ZoneGroupObjectPermission
    name = "gate_group_grants"
    url_prefix = "gate/grants/groups"
    icon = "group"
    menu_label = gettext_lazy("Grants to groups")
    form_class = GroupGrantForm
    holder = "group"
