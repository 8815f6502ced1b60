"""The admin's screens for synonyms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import SynonymGroup


class SynonymGroupViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "list-ul"
    menu_label = _("Synonyms")
    add_to_admin_menu = False
    list_display = ["__str__", BooleanColumn("reviewed", label=_("reviewed")), "note"]
    list_filter = ["reviewed"]
    search_fields = ["terms", "note"]
    panels = [FieldPanel("terms"), FieldPanel("note"), FieldPanel("reviewed")]


register_snippet(SynonymGroupViewSet)
