"""The gate of each zone in the admin: its ordered steps, checked before they are saved."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column

from gate.admin.configuring import instances
from gate.admin.configuring.instances import CheckedViewSet
from gate.models import GateStep, ZoneGate
from gate.steps.checks import problem_with_order
from gate.steps.gates import record_gate_change


class ZoneGateForm(WagtailAdminModelForm):
    """Each step checks itself (GateStep.clean); here they are checked as a sequence."""

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())
        problem = problem_with_order(self._steps()) if valid else None
        if problem:
            self.add_error(None, ValidationError(problem))
        return valid and problem is None

    def _steps(self) -> list[GateStep]:
        forms = [
            form
            for form in self.formsets["steps"].forms
            if form.cleaned_data and not form.cleaned_data["DELETE"]
        ]
        forms.sort(key=lambda form: form.cleaned_data.get("ORDER") or 0)
        return [form.instance for form in forms]


class GateEditView(instances.EditView):
    """Saving leaves an audit row."""

    def save_instance(self) -> ZoneGate:
        gate: ZoneGate = super().save_instance()
        record_gate_change(gate=gate, by=self.request.user)
        return gate


class GateIndexView(instances.IndexView):
    """One row per zone."""

    any_permission_required = ["change"]

    def get_base_queryset(self) -> QuerySet[Any]:
        gates = super().get_base_queryset().select_related("zone")
        return gates.annotate(step_count=Count("steps"))


class GateViewSet(CheckedViewSet):
    model = ZoneGate
    name = "gate_gates"
    url_prefix = "gate/gates"
    icon = "lock"
    menu_label = gettext_lazy("Gates of the zones")
    index_view_class = GateIndexView
    edit_view_class = GateEditView
    ordering = ["zone__path"]
    list_display = [
        "__str__",
        Column(
            "audience", label=gettext_lazy("Audience"), accessor=lambda gate: gate.zone.get_audience_display()
        ),
        Column("step_count", label=gettext_lazy("Steps")),
        Column("admission_days", label=gettext_lazy("Days of admission")),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("admission_days"),
            InlinePanel(
                "steps",
                heading=gettext_lazy("Steps, in the order in which readers take them"),
                label=gettext_lazy("Step"),
                panels=[
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("minutes")]),
                    FieldPanel("title"),
                    FieldPanel("agreement"),
                    FieldPanel("questionnaire"),
                    FieldPanel("needs_consent"),
                ],
            ),
        ],
        base_form_class=ZoneGateForm,
    )

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(success_message=_gate_saved, **kwargs)


_gate_saved = gettext_lazy("The gate of “%(object)s” is saved. It holds from the next request.")
