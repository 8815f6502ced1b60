"""Figures of the desk: waiting times, decisions by reviewer, reasons of rejections, the funnel of readers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.models import ZonePage
from gate.admin.charts import Chart, bar_chart
from gate.admin.desk.access import ReviewerRequired
from gate.admin.desk.day_chart import day_chart
from gate.admin.desk.figures import Scope, decided_waits, decisions, open_waits
from gate.admin.desk.filters import zones_of
from gate.admin.desk.funnel import ZoneFunnel, funnels
from gate.admin.desk.percentiles import Waits
from gate.admin.desk.rejections import rejections
from gate.admin.desk.waiting import LONG_AFTER, OVERDUE_AFTER, Waiting
from gate.people.grants import holds_everywhere
from gate.people.reviewing import REVIEW_EVERYWHERE

PERIODS = (7, 30, 90)
USUAL_PERIOD = 30


class PeriodForm(forms.Form):
    """Which days and which zone; an empty zone means all that the viewer reviews."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("Period"),
        coerce=int,
        choices=[
            (7, gettext_lazy("Last 7 days")),
            (30, gettext_lazy("Last 30 days")),
            (90, gettext_lazy("Last 90 days")),
        ],
    )
    zone = forms.TypedChoiceField(label=gettext_lazy("Zone"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, zones: Sequence[ZonePage], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_dashboard_%s", **kwargs})
        self.fields["zone"].choices = [  # type: ignore[attr-defined]
            ("", _("All zones")),
            *[(zone.pk, zone.title) for zone in zones],
        ]


class DashboardView(ReviewerRequired, WagtailAdminTemplateMixin, TemplateView):
    """Numbers only, of the zones that the viewer reviews. An invalid period or zone counts as the default."""

    template_name = "gate/desk/dashboard.html"
    page_title = gettext_lazy("The desk in figures")
    header_icon = "clipboard-list"
    request: HttpRequest

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("gate_desk:queue"), "label": _("Review desk")},
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def zones(self) -> list[ZonePage]:
        return list(zones_of(self.request))

    @cached_property
    def form(self) -> PeriodForm:
        usual = {"days": USUAL_PERIOD}
        form = PeriodForm(usual | self.request.GET.dict(), zones=self.zones)
        if not form.is_valid():
            form = PeriodForm(usual, zones=self.zones)
            form.is_valid()
        return form

    @cached_property
    def scope(self) -> Scope:
        days, chosen = self.form.cleaned_data["days"], self.form.cleaned_data["zone"]
        zones: frozenset[int] | None = frozenset(zone.pk for zone in self.zones)
        if chosen is not None:
            zones = frozenset([chosen])
        elif holds_everywhere(self.reviewer, REVIEW_EVERYWHERE):
            zones = None
        return Scope(zones, days, viewer=self.reviewer.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decided, waiting = decided_waits(self.scope), open_waits(self.scope, now=timezone.now())
        made, rejected = decisions(self.scope), rejections(self.scope)
        taken = funnels(self.scope, [zone for zone in self.zones if self._is_meant(zone)])
        shown = [funnel for funnel in taken if not funnel.is_empty]
        return super().get_context_data(**kwargs) | {
            "filter": self.form,
            "days": self.scope.days,
            "longer": next((days for days in PERIODS if days > self.scope.days), None),
            "is_empty": not (decided.count or waiting.count or made.reviewers or shown),
            "waits": [
                (_("Decided in the period"), _in_words(decided)),
                (_("Waiting now"), _in_words(waiting)),
            ],
            "decided": decided,
            "overdue": waiting.longer_than(OVERDUE_AFTER),
            "waits_chart": _waits_chart(decided),
            "decisions": made,
            "day_chart": day_chart(made.days),
            "most_decided": max((row.tally.decided for row in made.reviewers), default=0),
            "rejections": rejected,
            "reasons_chart": _counted(rejected.reasons, rejected.total, _("By reason"), _("Reason")),
            "fields_chart": _counted(rejected.fields, rejected.total, _("By field"), _("Field")),
            "funnels": [(funnel.zone, _funnel_chart(funnel)) for funnel in shown],
            "quiet_zones": [funnel.zone for funnel in taken if funnel.is_empty],
        }

    def _is_meant(self, zone: ZonePage) -> bool:
        return self.scope.zone_ids is None or zone.pk in self.scope.zone_ids


def _in_words(waits: Waits) -> dict[str, Any]:
    names = ("p50", "p90", "p95", "longest")
    return {"count": waits.count} | {name: _words(getattr(waits, name)) for name in names}


def _words(wait: timedelta | None) -> str:
    if wait is None:
        return "—"
    if wait < timedelta(minutes=1):
        return _("under a minute")
    now = timezone.now()
    return str(Waiting(now - wait, now))


def _waits_chart(waits: Waits) -> Chart:
    """In ranges that end where the queue's marks begin."""
    limits = [
        (_("under 1 hour"), timedelta(hours=1)),
        (_("1 to 4 hours"), timedelta(hours=4)),
        (_("4 hours to 1 day"), LONG_AFTER),
        (_("1 to 3 days"), OVERDUE_AFTER),
    ]
    rows, counted = [], 0
    for label, limit in limits:
        below = waits.count - waits.longer_than(limit)
        rows.append((label, below - counted))
        counted = below
    rows.append((_("3 days and longer"), waits.count - counted))
    return bar_chart(
        rows, waits.count, label_heading=_("Waiting time"), count_heading=_("Number of requests")
    )


def _counted(rows: Sequence[tuple[str, int]], total: int, title: str, heading: str) -> Chart:
    return bar_chart(rows, total, title=title, label_heading=heading, count_heading=_("Rejections"))


def _funnel_chart(funnel: ZoneFunnel) -> Chart:
    """Without percentages: a reader who took one step before the period may have taken the next one in it."""
    return bar_chart(funnel.stages, label_heading=_("Step"), count_heading=_("Number of readers"))
