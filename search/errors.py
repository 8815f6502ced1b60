"""Errors of search. `InvalidSearch` is the caller's error (a 400); the others are the server's (503)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class InvalidSearch(ValueError):
    """A request that is sent to no engine. `code` is stable, `field` the parameter, `message` for readers."""

    code = "invalid_search"
    field = "q"
    message: Any = _("This search cannot be run.")

    def __init__(self) -> None:
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class EmptyQuery(InvalidSearch):
    code = "empty_query"
    message = _("Enter at least one word to search for.")


class QueryTooLong(InvalidSearch):
    code = "query_too_long"
    message = _("The search text is too long. Use at most 200 characters.")


class InvalidCharacters(InvalidSearch):
    code = "invalid_characters"
    message = _("The search text contains characters that are not text.")


class InvalidZone(InvalidSearch):
    code = "invalid_zone"
    field = "zone"
    message = _("This is not the name of a zone.")


class PageOutOfRange(InvalidSearch):
    code = "page_out_of_range"
    field = "page"
    message = _("Only the first 1000 results can be paged through. Narrow the search instead.")


class SizeOutOfRange(InvalidSearch):
    code = "size_out_of_range"
    field = "size"
    message = _("The number of results on a page must be between 1 and 50.")


class InvalidScope(InvalidSearch):
    """A programming error: scope keys come from `gate.decision.access.Access.scope()` and nowhere else."""

    code = "invalid_scope"
    field = "scope"


class SearchUnavailable(RuntimeError):
    """The engine does not respond, or its index is being rebuilt. The request itself is right."""

    code = "search_unavailable"
    message: Any = _("Search is not available at the moment. Please try again shortly.")


class IndexUnusable(Exception):
    """The index is missing, damaged, or was written by another version of the analysis: rebuild it."""


class IndexBusy(Exception):
    """Another process holds the index lock longer than the caller wanted to wait."""
