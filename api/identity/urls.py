"""Addresses of the provider, under allauth's names. The device flow and self-registration are not offered."""

from __future__ import annotations

from allauth.idp.oidc import views as allauth_views
from django.urls import include, path

from api.identity import views

app_name = "idp"
_oidc = [
    path(".well-known/openid-configuration", views.configuration, name="configuration"),
    path(".well-known/jwks.json", allauth_views.jwks, name="jwks"),
    path("identity/o/authorize", views.AuthorizationView.as_view(), name="authorization"),
    path("identity/o/logout", views.LogoutView.as_view(), name="logout"),
    path("identity/o/api/token", allauth_views.token, name="token"),
    path("identity/o/api/revoke", allauth_views.revoke, name="revoke"),
    path("identity/o/api/userinfo", allauth_views.user_info, name="userinfo"),
]
urlpatterns = [path("", include((_oidc, "oidc")))]
