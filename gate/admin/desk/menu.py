"""The desk's entry in the admin's menu, with the number of cases that wait."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from gate.admin.desk.access import user
from gate.people.reviewing import is_reviewer, waiting_for

# Right after the page tree and above pictures: for a reviewer it is the main entry.
MENU_ORDER = 150
LARGEST_NUMBER_SHOWN = 99


class ReviewDeskMenuItem(MenuItem):
    """Shown to reviewers only. The number is an attribute that review-desk.css draws as a badge."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_reviewer(user(request))

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        waiting = waiting_for(user(request)).count()
        attrs: dict[str, Any] = dict(self.attrs)
        if waiting:
            shown = str(waiting) if waiting <= LARGEST_NUMBER_SHOWN else f"{LARGEST_NUMBER_SHOWN}+"
            said = ngettext("%(n)s case waits", "%(n)s cases wait", waiting) % {"n": waiting}
            attrs |= {"data-review-waiting": shown, "aria-label": f"{self.label} ({said})"}
        return LinkMenuItem(
            self.name,
            str(self.label),
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs=attrs,
        )


def review_desk_menu_item() -> ReviewDeskMenuItem:
    """For the hook register_admin_menu_item."""
    return ReviewDeskMenuItem(
        _("Review desk"),
        reverse("gate_desk:queue"),
        name="review-desk",
        icon_name="clipboard-list",
        order=MENU_ORDER,
    )
