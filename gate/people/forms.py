"""The forms of accounts: one name, a language, roles."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.users.forms import UserCreationForm, UserEditForm

from gate.models import User

FIELDS = ["email", "display_name", "locale", "is_superuser", "groups"]


class PersonCreationForm(UserCreationForm):
    """`by` is who fills it in: only a superuser makes superusers."""

    first_name = None
    last_name = None

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.is_superuser:
            del self.fields["is_superuser"]

    class Meta(UserCreationForm.Meta):
        model = User
        fields = FIELDS
        widgets = {"groups": forms.CheckboxSelectMultiple}


class PersonEditForm(UserEditForm):
    """Nobody changes their own roles."""

    first_name = None
    last_name = None

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.is_superuser:
            self.fields.pop("is_superuser", None)
        if self.instance.pk == by.pk:
            self.fields.pop("groups", None)

    class Meta(UserEditForm.Meta):
        model = User
        fields = [*FIELDS, "is_active"]
        widgets = {"groups": forms.CheckboxSelectMultiple}
