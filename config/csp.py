"""The content security policy: strict for readers and the API, Wagtail's own needs for its admin."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

# Wagtail's editor (Draftail, Telepath) sets inline styles and ships inline scripts in its templates.
ADMIN_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
}

CONSENT_ADDRESS = "/identity/o/authorize"


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp, with the admin's wider policy under /admin/ only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The parts of the header for this request; see csp.middleware."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/admin/"):
            parts.update = {**ADMIN_POLICY, **(parts.update or {})}
        if request.path == CONSENT_ADDRESS:
            # Its form is answered with a redirect to the front end, which Chromium checks against
            # form-action. The provider restricts that redirect: to the client's registered addresses only.
            parts.replace = {**(parts.replace or {}), "form-action": None}
        return parts
