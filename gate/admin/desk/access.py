"""Access to the review desk. The rule itself is in gate.people.reviewing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property

from gate.models import User, Verification
from gate.people.reviewing import is_reviewer, reviewable_cases


def user(request: HttpRequest) -> User:
    """The signed-in user. PermissionDenied without one (the admin redirects to its sign-in page before)."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class ReviewerRequired:
    """Mixin of every view: without the review right Wagtail's "permission denied"; no response is cached."""

    request: HttpRequest

    @property
    def reviewer(self) -> User:
        return user(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_reviewer(user(request)):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        patch_cache_control(response, private=True, no_store=True)
        return response


class OfOneCase(ReviewerRequired):
    """A view below one case; a case outside the reviewer's zones does not exist for them (404)."""

    kwargs: dict[str, Any]

    @cached_property
    def case(self) -> Verification:
        cases = reviewable_cases(self.reviewer).select_related(
            "user", "reviewer", "previous", "proposed_by", "zone"
        )
        return get_object_or_404(cases, uuid=self.kwargs["case"])
