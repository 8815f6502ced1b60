"""The admin's form of a front end or service (an OAuth client)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.idp.oidc.models import Client
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm

from api.identity import clients
from api.identity.addresses import check_origin, check_redirect
from api.identity.clients import FOR_SERVICES, Kind
from api.scopes import SCOPES
from gate.models import User


class ClientForm(WagtailAdminModelForm):
    """The client's kind, its redirect addresses and its scopes. Writers: `clients`."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Kind.choices, initial=Kind.BROWSER, widget=forms.RadioSelect
    )
    redirect_uris = forms.CharField(
        label=gettext_lazy("Redirect addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One a line, compared as strings: https://app.example.org/callback. http:// is for localhost, "
            "127.0.0.1 and [::1]."
        ),
    )
    cors_origins = forms.CharField(
        label=gettext_lazy("Origins"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One a line, for apps whose scripts fetch tokens themselves: https://app.example.org, "
            "http://localhost:5173."
        ),
    )
    account = forms.EmailField(
        label=gettext_lazy("Account of the service"),
        required=False,
        help_text=gettext_lazy(
            "Of a service only: the e-mail address of an account that no user signs in with. What it may "
            "read, staff grant to it."
        ),
    )
    granted = forms.MultipleChoiceField(
        label=gettext_lazy("May ask for"),
        choices=list(SCOPES.items()),
        initial=list(SCOPES),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Readers agree to each of them. A service takes the first three at most."),
    )

    class Meta:
        model = Client
        fields = ["name"]
        labels = {"name": gettext_lazy("Name that readers see")}
        field_classes = {"name": forms.CharField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client = self.instance
        if not client._state.adding:
            self.fields["kind"].disabled = True
            self.initial |= {
                "kind": clients.kind_of(client),
                "redirect_uris": client.redirect_uris,
                "cors_origins": client.cors_origins,
                "account": client.owner.email if client.owner else "",
                "granted": [scope for scope in client.get_scopes() if scope in SCOPES],
            }

    def clean_redirect_uris(self) -> list[str]:
        return self._lines("redirect_uris", check_redirect)

    def clean_cors_origins(self) -> list[str]:
        return self._lines("cors_origins", check_origin)

    def clean(self) -> dict[str, Any]:
        """Check that every field that the kind needs is filled."""
        data = super().clean() or {}
        if data.get("kind") == Kind.SERVICE:
            self._clean_service(data)
        elif not data.get("redirect_uris") and "redirect_uris" not in self.errors:
            self.add_error("redirect_uris", _("Readers must be led back somewhere."))
        return data

    def configure(self) -> Client:
        """The (unsaved) client with the form's values."""
        data = self.cleaned_data
        clients.configure(
            self.instance,
            kind=Kind(data["kind"]),
            redirect_uris=data["redirect_uris"],
            origins=data["cors_origins"],
            granted=data["granted"],
            owner=data.get("owner"),
        )
        return self.instance

    def _clean_service(self, data: dict[str, Any]) -> None:
        if set(data.get("granted", ())) - set(FOR_SERVICES):
            self.add_error(
                "granted", _("A service may read articles, search and the gate, and nothing else.")
            )
        owner = User.objects.filter(email=data.get("account", "").strip().lower(), is_active=True).first()
        if owner is None:
            self.add_error("account", _("There is no active account with this address."))
        elif not is_for_a_service(owner):
            # A user who registers clients must not read as another user, nor with the rights of staff.
            self.add_error(
                "account", _("A user signs in with this account. Create one without a password and rights.")
            )
        data["owner"] = owner

    def _lines(self, name: str, check: Callable[[str], str]) -> list[str]:
        kept, wrong = [], []
        for line in self.cleaned_data[name].split("\n"):
            if not line.strip():
                continue
            try:
                kept.append(check(line.strip()))
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(kept))


def is_for_a_service(user: User) -> bool:
    """An account without sign-in and without any right of staff."""
    has_rights = user.is_superuser or user.is_staff or user.groups.exists() or user.user_permissions.exists()
    return not has_rights and not user.has_usable_password() and not user.verifications.exists()
