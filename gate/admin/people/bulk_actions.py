"""Restricts bulk actions on accounts to what the forms offer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from gate.models import User
from gate.people.giving import Giver, Ruling
from gate.people.powers import powers_by_group


def guard_people(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse deleting, changing one's own roles, and what the rule of gate/people/giving.py refuses."""
    people = [user for user in objects if isinstance(user, User)]
    if not people:
        return None
    refusal = _refusal(request, action_type, people)
    if not refusal:
        return None
    messages.error(request, refusal)
    return redirect("wagtailusers_users:index")


def _refusal(request: HttpRequest, action_type: str, people: list[User]) -> str:
    if action_type == "delete":
        return _("Accounts are not deleted: what users agreed to is evidence. Deactivate them instead.")
    by = request.user
    if not isinstance(by, User):
        return _("Only administrators change administrators.")
    if any(user.is_superuser for user in people) and not by.is_superuser:
        return _("Only administrators change administrators.")
    giver = Giver(by)
    if not all(giver.may_change(user) for user in people):
        return _("One of these accounts has rights that yours does not include giving.")
    if action_type == "assign_role":
        return _refusal_of_role(request, giver, people)
    if action_type == "set_active_state" and request.POST.get("mark_as_active") == "True":
        return _refusal_of_return(giver, people)
    return ""


def _refusal_of_role(request: HttpRequest, giver: Giver, people: list[User]) -> str:
    if any(user.pk == giver.user.pk for user in people):
        return _("You cannot change your own roles.")
    role = request.POST.get("role", "")
    group = Group.objects.filter(pk=role).first() if role.isdecimal() else None
    if group is None:
        return ""
    ruling = max(giver.rule(powers_by_group([group.pk])[group.pk], user=user) for user in people)
    if ruling == Ruling.SECOND:
        return _(
            "This group sees credentials: give it on the page of each account, where a second "
            "administrator confirms it."
        )
    return _("Your rights do not include giving this group.") if ruling == Ruling.NO else ""


def _refusal_of_return(giver: Giver, people: list[User]) -> str:
    if all(user.is_active or giver.may_reactivate(user) for user in people):
        return ""
    return _("Take back the rights of these accounts first: those who get them again need them given again.")
