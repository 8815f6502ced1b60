"""Authentication: a bearer token of our OpenID Connect provider, or the session with its CSRF token.

A request that brings a bearer token is that token's, never the session's; a token that is not valid is a 401
and not an anonymous reader, so that a front end notices an expired token instead of showing locked articles.
"""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.identity.addresses import absolute
from api.identity.server import get_server
from api.problems import Problem
from gate.people.signin.allauth_internal import get_validator_context, is_resources_subset

REALM = 'Bearer realm="xinglin"'


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <access token>`, checked by allauth's OpenID Connect server.

    allauth's own DRF class parses the body first and lets a bad token through as anonymous.
    """

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, Token] | None:
        """(user, token); None without a bearer header; Problem `invalid_token`."""
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if header[:7].lower() != "bearer ":
            return None
        address = absolute(request.path)
        # Only the header is passed on: the server also reads tokens from bodies, which we do not offer.
        valid, checked = get_server().verify_request(address, "GET", "", {"Authorization": header}, scopes=[])
        token = get_validator_context().access_token
        if not valid or token is None or not is_resources_subset([address], token.get_resources()):
            raise _invalid_token()
        user = checked.user or _service_account(token)
        if user is None or getattr(user, "is_closing", False):
            raise _invalid_token()
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return REALM


class SessionAuthentication(authentication.SessionAuthentication):
    """The site's session. Anything but a safe method needs the CSRF token, as everywhere in Django."""

    def enforce_csrf(self, request: Request) -> None:
        """Problem `csrf_failed`; the exact reason is in Django's log."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise Problem("csrf_failed") from error


class HasScope(BasePermission):
    """A bearer token needs the scope that the view's `scopes` names for the method.

    Anonymous readers pass: what they may read is the gate's decision. Views that need an account set
    `account_needed` for the method.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or Problem `not_authenticated` / `insufficient_scope`."""
        method = "GET" if request.method == "HEAD" else request.method
        if method in view.account_needed and not request.user.is_authenticated:
            raise Problem("not_authenticated")
        needed = view.scopes.get(method)
        if isinstance(request.auth, Token) and needed and needed not in request.auth.get_scopes():
            challenge = f'{REALM}, error="insufficient_scope", scope="{needed}"'
            detail = _("The access token needs the scope %(scope)s.") % {"scope": needed}
            raise Problem("insufficient_scope", detail, headers={"WWW-Authenticate": challenge})
        return True


def _service_account(token: Token) -> AbstractBaseUser | None:
    """The account behind a token without a user (grant `client_credentials`): the client's active owner.

    Only of confidential clients: a public client cannot prove which one it is.
    """
    client = token.client
    if client is None or client.type != Client.Type.CONFIDENTIAL:
        return None
    owner = client.owner
    return owner if owner is not None and owner.is_active else None


def _invalid_token() -> Problem:
    return Problem("invalid_token", headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
