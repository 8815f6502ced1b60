"""Computes the waiting time when one of allauth's own limits (ACCOUNT_RATE_LIMITS) refuses.

They limit mails and registrations; allauth responds with settings' handler429 and passes it nothing, so the
time is read from the counters that refused.
"""

from __future__ import annotations

import math
import time

from allauth.account import app_settings
from django.core.cache import cache
from django.http import HttpRequest

from gate.people.signin.allauth_internal import EMAIL_VERIFICATION_CODE_SESSION_KEY, ratelimit

APP = "allauth.account"
# Which counters a page can be refused by.
ACTIONS = {
    "account_signup": ("signup", "confirm_email"),
    "account_login": ("confirm_email",),
    "account_email_verification_sent": ("confirm_email",),
    "account_email": ("manage_email", "confirm_email"),
    "account_reset_password": ("reset_password",),
    "account_reset_password_from_key": ("reset_password_from_key",),
}
UNKNOWN = 60  # seconds; where no counter of ours applies


def seconds_to_wait(request: HttpRequest) -> int:
    """Until the counter that refused this request takes another; at least 1."""
    match = request.resolver_match
    actions = ACTIONS.get(match.url_name or "", ()) if match else ()
    waits = [
        _wait(request, action, rate)
        for action in actions
        for rate in ratelimit.parse_rates(app_settings.RATE_LIMITS.get(action))
    ]
    return max([wait for wait in waits if wait > 0], default=UNKNOWN)


def _wait(request: HttpRequest, action: str, rate: ratelimit.Rate) -> int:
    key = _email_of(request) if rate.per == "key" else None
    if (rate.per == "key" and not key) or (rate.per == "user" and not request.user.is_authenticated):
        return 0
    name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
    history: list[float] = cache.get(name, [])  # newest first
    if len(history) < rate.amount:
        return 0
    return math.ceil(history[rate.amount - 1] + rate.duration - time.time())


def _email_of(request: HttpRequest) -> str:
    typed = request.POST.get("email") or request.POST.get("login") or ""
    pending = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY) or {}
    return (typed or pending.get("email", "")).strip().lower()
