"""The provider's pages where they differ from allauth's: discovery, consent, the end of a session."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.idp.oidc import app_settings, forms, views
from allauth.idp.oidc.models import Client
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.views.decorators.http import require_safe

from api.identity.addresses import absolute, base_url
from api.scopes import IN_ORDER, in_order
from cms.site_profile import named_site

ENDPOINTS = {
    "authorization_endpoint": "authorization",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "revocation_endpoint": "revoke",
    "end_session_endpoint": "logout",
    "jwks_uri": "jwks",
}
GRANTS = (
    Client.GrantType.AUTHORIZATION_CODE,
    Client.GrantType.REFRESH_TOKEN,
    Client.GrantType.CLIENT_CREDENTIALS,
)
# Parameters of the consent screen that are needed again when its form has become old.
ASKED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


@require_safe
def configuration(request: HttpRequest) -> JsonResponse:
    """/.well-known/openid-configuration: only what this provider offers, under the issuer's address alone.

    allauth's names the Host header's addresses, the device flow and response types that no client has.
    """
    addresses = {name: absolute(reverse(f"idp:oidc:{view}")) for name, view in ENDPOINTS.items()}
    return JsonResponse(
        {
            "issuer": base_url(),
            **addresses,
            "scopes_supported": list(IN_ORDER),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": [str(grant.value) for grant in GRANTS],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": list(app_settings.AUTH_METHODS),
            "revocation_endpoint_auth_methods_supported": list(app_settings.AUTH_METHODS),
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["sub", "name", "locale", "email", "email_verified"],
            "ui_locales_supported": ["zh-Hans", "en"],
        },
        headers={"Cache-Control": "max-age=3600"},
    )


class ConsentForm(forms.AuthorizationForm):
    """The scopes that may be granted, in the order of `api.scopes`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        words = dict(field.choices)
        field.choices = [(scope, words[scope]) for scope in in_order(words)]

    def clean_scopes(self) -> list[str]:
        """The granted scopes, in order too."""
        return in_order(self.cleaned_data["scopes"])


class AuthorizationView(views.AuthorizationView):
    """The consent screen. A form from before the reader signed in elsewhere is shown again, not refused."""

    form_class = ConsentForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the site's name where allauth would show the Host header."""
        return super().get_context_data(**kwargs) | {"site": named_site()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Grant or deny; the screen again where the form's CSRF token is an old one."""
        signed = request.POST.get("request")
        if signed and _csrf_failed(request):
            try:
                scopes, asked = Signer().unsign_object(signed)
            except BadSignature:
                return HttpResponseRedirect("/")
            query = {name: asked[name] for name in ASKED if asked.get(name)}
            query["scope"] = " ".join(scopes)
            return HttpResponseRedirect(f"{reverse('idp:oidc:authorization')}?{urlencode(query)}")
        return super().post(request, *args, **kwargs)


class LogoutForm(forms.RPInitiatedLogoutForm):
    """Redirects to an address that the client registered, compared as a string; to no other."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        client = data.get("client") if data else None
        address = data.get("post_logout_redirect_uri") if data else None
        if data and client is not None and address:
            registered = [*client.get_redirect_uris(), *client.get_post_logout_redirect_uris()]
            if address not in registered:
                data["post_logout_redirect_uri"] = None
        return data


class LogoutView(views.LogoutView):
    form_class: ClassVar[type[LogoutForm]] = LogoutForm


def _csrf_failed(request: HttpRequest) -> bool:
    checked = CsrfViewMiddleware(lambda _request: HttpResponse())
    return checked.process_view(request, lambda *_args, **_kwargs: HttpResponse(), (), {}) is not None
