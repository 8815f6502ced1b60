"""The admin's page of one's own account: name, language, look.

Wagtail's asks for a first and a last name, which accounts here do not have, and would store neither.
Password, address and second factor are changed on allauth's pages (gate.admin.hooks).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    ChangePasswordPanel,
    NameEmailSettingsPanel,
)

from gate.models import User


class NameForm(forms.ModelForm):
    """The one name that an account has."""

    class Meta:
        model = User
        fields = ["display_name"]


class NamePanel(BaseSettingsPanel):
    name = "name"
    title = _("Your name")
    order = 100
    form_class = NameForm


class OwnAccountView(AccountView):
    """Wagtail's, with our name and without its ways to another password or address."""

    def get_panels(self) -> list[Any]:
        """The panels, ours first."""
        panels = super().get_panels()
        replaced = (NameEmailSettingsPanel, ChangePasswordPanel)
        own = NamePanel(self.request, self.request.user, panels[0].profile)
        return [own, *(panel for panel in panels if not isinstance(panel, replaced))]


own_account = require_admin_access(OwnAccountView.as_view())
