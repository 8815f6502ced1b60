"""The forms of accounts: one name, a language, roles. No passwords: users set their own, by a link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.users.forms import UserCreationForm, UserEditForm

from gate.models import ProposedGrant, User
from gate.people.giving import Giver, Ruling
from gate.people.proposals import propose

FIELDS = ["email", "display_name", "locale", "is_superuser", "groups"]


class GroupChoices(forms.CheckboxSelectMultiple):
    """Groups that the user of the form may not give are shown, but cannot be ticked."""

    rulings: dict[int, Ruling] = {}

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        ruling = self.rulings.get(int(str(value)), Ruling.YES)
        if ruling == Ruling.SECOND:
            label = pgettext("group", "%(group)s (a second administrator confirms)") % {"group": label}
        option: dict[str, Any] = super().create_option(name, value, label, *args, **kwargs)
        if ruling == Ruling.NO:
            option["attrs"]["disabled"] = True
        return option


class RolesMixin(forms.ModelForm):
    """`by` gives roles by the rule of gate/people/giving.py; rights on credentials are only proposed."""

    password_enabled = False
    proposal_reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Needed for a group that sees credentials. A second administrator reads it and confirms."
        ),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.giver = Giver(by)
        self.to_propose: list[Group] = []
        if not by.is_superuser:
            self.fields.pop("is_superuser", None)
        if self.instance.pk == by.pk:
            self.fields.pop("groups", None)
            self.fields.pop("proposal_reason", None)
        else:
            self._limit_groups()

    def _limit_groups(self) -> None:
        field = self.fields["groups"]
        self.groups: list[Group] = list(Group.objects.order_by("name"))
        receiver = self.instance if self.instance.pk else None
        self.rulings = self.giver.rule_on_groups(self.groups, user=receiver)
        field.widget = GroupChoices()
        field.widget.rulings = self.rulings
        field.queryset = Group.objects.order_by("name")  # type: ignore[attr-defined]  # a field of choices
        if Ruling.SECOND not in self.rulings.values():
            del self.fields["proposal_reason"]

    def clean_groups(self) -> Iterable[Group]:
        """The account's groups afterwards; groups that the rule excludes stay as they are."""
        chosen = {group.pk for group in self.cleaned_data["groups"]}
        had = set(self.instance.groups.values_list("pk", flat=True)) if self.instance.pk else set()
        beyond = {pk for pk, ruling in self.rulings.items() if ruling == Ruling.NO}
        if refused := [group.name for group in self.groups if group.pk in (chosen - had) & beyond]:
            raise ValidationError(
                _("Your rights do not include giving these groups: %(groups)s")
                % {"groups": ", ".join(refused)}
            )
        waits = {pk for pk, ruling in self.rulings.items() if ruling == Ruling.SECOND} & (chosen - had)
        self.to_propose = [group for group in self.groups if group.pk in waits]
        return [group for group in self.groups if group.pk in (chosen - waits) | (had & beyond)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.to_propose and not (data.get("proposal_reason") or "").strip():
            self.add_error("proposal_reason", _("Give the reason; a second administrator confirms it."))
        return data

    def propose_groups(self, user: User) -> list[ProposedGrant]:
        """Store what waits for a second administrator; call it after the account is saved."""
        reason = self.cleaned_data.get("proposal_reason", "")
        kind = ProposedGrant.Kind.MEMBERSHIP
        return [
            propose(kind=kind, by=self.giver.user, reason=reason, user=user, group=group)
            for group in self.to_propose
        ]


class PersonCreationForm(RolesMixin, UserCreationForm):
    """An account without a usable password; its user sets one by the link that is sent."""

    first_name = None
    last_name = None

    class Meta(UserCreationForm.Meta):
        model = User
        fields = FIELDS
        widgets = {"groups": GroupChoices}

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        made: User = super().save(commit)
        return made


class PersonEditForm(RolesMixin, UserEditForm):
    """No user changes their own roles, nor the address of an account with more rights than theirs."""

    first_name = None
    last_name = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.giver.may_take_over(self.instance):
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _(
                "This account has rights that yours has not: its owner changes the address."
            )

    def clean_is_active(self) -> bool:
        active: bool = self.cleaned_data["is_active"]
        was = User.objects.filter(pk=self.instance.pk, is_active=False).first()
        if active and was is not None and not self.giver.may_reactivate(was):
            raise ValidationError(
                _("Take back this account's rights first: those who get them again need them given again.")
            )
        return active

    class Meta(UserEditForm.Meta):
        model = User
        fields = [*FIELDS, "is_active"]
        widgets = {"groups": GroupChoices}
