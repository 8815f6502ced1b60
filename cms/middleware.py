"""Turns a refused publication into a message on the page concerned, instead of a server error."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from cms.publish_rules import PublishRefused


class PublishRefusedMiddleware:
    """For the ways of publishing that have no form of ours: bulk actions, copies, aliases, approvals."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PublishRefused) or not request.path.startswith(
            reverse("wagtailadmin_home")
        ):
            return None
        for message in exception.messages:
            messages.error(request, f"{exception.page.title} › {message}")
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[exception.page.pk]))
