"""Every name of `allauth.*.internal` that we use: allauth may change them in any release.

tests/gate/people/signin/test_allauth_internal.py fails when an upgrade changes one of them.
"""

from __future__ import annotations

from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core.internal import ratelimit
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.server import generate_access_token
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.internal.resources import is_resources_subset

__all__ = [
    "EMAIL_VERIFICATION_CODE_SESSION_KEY",
    "OAuthLibRequestValidator",
    "did_recently_reauthenticate",
    "filter_users_by_email",
    "generate_access_token",
    "get_authentication_records",
    "get_validator_context",
    "is_resources_subset",
    "ratelimit",
    "record_authentication",
    "request_password_reset",
]
