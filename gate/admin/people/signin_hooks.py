"""On the admin's account page, whose own forms are off: where password and second factor are changed."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks


@hooks.register("register_account_menu_item")
def password_item(request: HttpRequest) -> dict[str, str]:
    """The entry under "More actions"."""
    return {
        "url": reverse("account_change_password"),
        "label": _("Change the password"),
        "help_text": _("Signs you out on every other device and in every app."),
    }


@hooks.register("register_account_menu_item")
def address_item(request: HttpRequest) -> dict[str, str]:
    """The entry under "More actions"."""
    return {
        "url": reverse("account_email"),
        "label": _("Change the address"),
        "help_text": _("The address you sign in with; a new one is confirmed by a code."),
    }


@hooks.register("register_account_menu_item")
def second_factor_item(request: HttpRequest) -> dict[str, str]:
    """The entry under "More actions"."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factor"),
        "help_text": _("The authenticator app and its recovery codes."),
    }
