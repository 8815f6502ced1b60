"""Bulk actions must not do what the forms do not offer; gate/wagtail_hooks.py imports this module."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from gate.models import User


@hooks.register("before_bulk_action")
def guard_people(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse deleting anybody, changing one's own roles, and touching superusers without being one."""
    people = [person for person in objects if isinstance(person, User)]
    if not people:
        return None
    refusal = None
    if action_type == "delete":
        refusal = _("Accounts are not deleted: what people agreed to is evidence. Deactivate them instead.")
    elif action_type == "assign_role" and any(person.pk == request.user.pk for person in people):
        refusal = _("Nobody changes their own roles.")
    elif any(person.is_superuser for person in people) and not request.user.is_superuser:
        refusal = _("Only administrators change administrators.")
    if refusal is None:
        return None
    messages.error(request, refusal)
    return redirect("wagtailusers_users:index")
