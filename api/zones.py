"""`/api/v1/zones`: the zones and how many articles each holds. The same for every reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api import scopes
from api.gate_json import gate_url
from api.problems import FieldError, Problem
from api.resource import Resource
from api.responses import PUBLIC, ApiResponse, api_response
from api.schema import operation
from cms.addresses import zone_path
from cms.selectors import live_heads, live_zone, live_zones

if TYPE_CHECKING:
    from cms.models import ZonePage


def find_zone(slug: str) -> ZonePage:
    """The live zone with this slug; Problem `not_found`."""
    zone = live_zone(slug)
    if zone is None:
        raise Problem("not_found")
    return zone


def find_zone_for_filter(slug: str) -> ZonePage:
    """The live zone that a `zone` parameter names; Problem `invalid_parameter`."""
    try:
        return find_zone(slug)
    except Problem as error:
        message = _("There is no zone with this slug.")
        raise Problem("invalid_parameter", errors=(FieldError("zone", message, "unknown_zone"),)) from error


def zone_list() -> ApiResponse:
    """`{"items": [zone]}`, in the order of the page tree. Two queries."""
    zones = live_zones()
    counts = _article_counts()
    return api_response(
        {"items": [_zone(zone, counts.get(zone.pk, 0)) for zone in zones]}, cache_control=PUBLIC
    )


def zone_answer(slug: str) -> ApiResponse:
    """One zone in the same form; Problem `not_found`."""
    zone = find_zone(slug)
    return api_response(_zone(zone, _article_counts().get(zone.pk, 0)), cache_control=PUBLIC)


def _zone(zone: ZonePage, articles: int) -> dict[str, Any]:
    return {
        "id": str(zone.uuid),
        "slug": zone.slug,
        "title": zone.title,
        "path": zone_path(zone.slug),
        "locale": zone.locale.language_code,
        "summary": zone.summary,
        "audience": zone.audience,
        "articles": articles,
        "gate": gate_url(zone.slug),
    }


def _article_counts() -> dict[int, int]:
    rows = live_heads().order_by().values("zone_id").annotate(count=Count("article_id"))
    return {row["zone_id"]: row["count"] for row in rows}


class ZoneListView(Resource):
    """All live zones."""

    scopes = {"GET": scopes.ARTICLES_READ}

    @operation("zones_list", "List the zones", "ZoneList", tag="zones")
    def get(self, request: Request) -> HttpResponse:
        """Every live zone with its audience and the number of its published articles."""
        return self.respond(zone_list())


class ZoneView(Resource):
    """One zone."""

    scopes = {"GET": scopes.ARTICLES_READ}

    @operation("zones_read", "Read one zone", "Zone", tag="zones", problems=("not_found",))
    def get(self, request: Request, slug: str) -> HttpResponse:
        """One zone by its slug."""
        return self.respond(zone_answer(slug))
