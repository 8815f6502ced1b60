"""Checked redirect targets: only paths of this site (no open redirects, no Host poisoning)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

MAX_LENGTH = 500
View = Callable[..., HttpResponseBase]


def own_path(value: str | None, default: str = "/") -> str:
    """`value` if it is a path on this site (query and fragment may follow), else `default`."""
    if not value or len(value) > MAX_LENGTH or not value.startswith("/") or not value.isprintable():
        return default
    # Without allowed hosts only addresses without a host pass.
    return value if url_has_allowed_host_and_scheme(value, allowed_hosts=None) else default


def next_of(request: HttpRequest, default: str = "/") -> str:
    """The `next` of the form or the address."""
    return own_path(request.POST.get("next") or request.GET.get("next"), default)


def with_next(path: str, next_path: str) -> str:
    return f"{path}?{urlencode({'next': next_path})}"


def gate_path(zone_slug: str, next_path: str) -> str:
    """The gate of a zone; afterwards the reader returns to `next_path`."""
    return with_next(reverse("site:gate", args=[zone_slug]), next_path)


def article_id_in(path: str) -> UUID | None:
    """The id of the article that a path of this site leads to; None for other paths."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return match.kwargs["article_id"] if match.view_name == "site:article" else None


def last_anchor(body: list[dict[str, Any]]) -> str:
    """The fragment of the last block that the reader was shown; the whole article has the same block."""
    if not body:
        return ""
    block = body[-1]
    return last_anchor(block.get("body") or []) or block.get("anchor") or f"b-{block['id']}"


def post_or_back_to(name: str) -> Callable[[View], View]:
    """Decorator: only POST changes anything; GET redirects to the page of that name, which holds the form."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(name)

        return require_http_methods(["GET", "HEAD", "POST"])(checked)

    return decorate
