"""Rights that two administrators give: proposed by one, confirmed or declined by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.errors import GateError
from gate.models import AuditEvent, ProposedGrant, User, ZoneGate
from gate.people.giving import Giver, Ruling, confirmed_by_two
from gate.people.grants import Right, grant
from gate.people.powers import Power, permission, powers_by_group, zone_power
from gate.people.reviewing import SEE_EVERYWHERE

Kind, State = ProposedGrant.Kind, ProposedGrant.State


class NotConfirmable(GateError):
    """This user may not confirm it, or there is nothing left to confirm."""

    code = "not_confirmable"


@transaction.atomic
def propose(
    *,
    kind: ProposedGrant.Kind,
    by: User,
    reason: str,
    user: User | None = None,
    group: Group | None = None,
    gate: ZoneGate | None = None,
    ends_at: datetime | None = None,
) -> ProposedGrant:
    """Store what waits for a second administrator; proposing it again while it waits returns it."""
    same = ProposedGrant.objects.filter(kind=kind, user=user, group=group, gate=gate)
    waiting = same.filter(state=State.WAITING, lapses_at__gt=timezone.now()).first()
    if waiting is not None:
        return waiting
    made = ProposedGrant.objects.create(
        kind=kind, user=user, group=group, gate=gate, reason=reason.strip(), ends_at=ends_at, proposed_by=by
    )
    _record(AuditEvent.Action.GRANT_PROPOSED, by, made, made.reason)
    return made


def powers_in(proposed: ProposedGrant) -> list[Power]:
    """Everything that the confirmation would give."""
    if proposed.kind == Kind.ZONE and proposed.gate_id is not None:
        return [zone_power(proposed.gate_id, Right.SEE_CREDENTIALS)]
    if proposed.kind == Kind.MEMBERSHIP and proposed.group_id is not None:
        return list(powers_by_group([proposed.group_id])[proposed.group_id])
    return [permission(*SEE_EVERYWHERE.split("."))]


def why_not(proposed: ProposedGrant, by: User) -> str:
    """Why this user may not confirm it; empty when they may. The rule is in gate/people/giving.py."""
    if not proposed.is_open:
        return _("This does not wait any more.")
    proposer = proposed.proposed_by
    if proposer is None or proposer.pk == by.pk:
        return _("You proposed it. A second administrator confirms it.")
    if proposed.user is not None and not proposed.user.is_active:
        return _("This account is not active.")
    if proposed.user_id == by.pk:
        return _("You cannot give a right to yourself.")
    if _ruling(proposed, by) == Ruling.NO:
        return _("Your rights do not include giving this one, or you are in the group.")
    if _ruling(proposed, proposer) == Ruling.NO:
        return _("The administrator who proposed it may not give it any more.")
    return ""


def _ruling(proposed: ProposedGrant, by: User) -> Ruling:
    group = None if proposed.kind == Kind.MEMBERSHIP else proposed.group
    return Giver(by).rule(powers_in(proposed), user=proposed.user, group=group)


@transaction.atomic
def confirm(*, proposed: ProposedGrant, by: User) -> ProposedGrant:
    """Give it. Raises NotConfirmable unless `by` is a second administrator who may."""
    row = _locked(proposed)
    if refusal := why_not(row, by):
        raise NotConfirmable(refusal)
    with confirmed_by_two():
        _give(row, by)
    return _decided(row, by, State.CONFIRMED, AuditEvent.Action.GRANT_CONFIRMED)


@transaction.atomic
def decline(*, proposed: ProposedGrant, by: User) -> ProposedGrant:
    """Decline it; its proposer may do so too. Raises NotConfirmable when it no longer waits."""
    row = _locked(proposed)
    if not row.is_open:
        raise NotConfirmable(_("This does not wait any more."))
    return _decided(row, by, State.DECLINED, AuditEvent.Action.GRANT_DECLINED)


def _locked(proposed: ProposedGrant) -> ProposedGrant:
    return ProposedGrant.objects.select_for_update().get(pk=proposed.pk)


def _give(row: ProposedGrant, by: User) -> None:
    if row.kind == Kind.ZONE and row.gate_id is not None:
        holder: dict[str, Any] = {"group": row.group} if row.group is not None else {"user": row.user}
        grant(
            **holder,
            zone_id=row.gate_id,
            right=Right.SEE_CREDENTIALS,
            reason=row.reason,
            by=by,
            expires_at=row.ends_at,
        )
    elif row.kind == Kind.MEMBERSHIP and row.user is not None and row.group is not None:
        row.user.groups.add(row.group)
    elif row.group is not None:
        app_label, codename = SEE_EVERYWHERE.split(".")
        row.group.permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )


def _decided(
    row: ProposedGrant, by: User, state: ProposedGrant.State, action: AuditEvent.Action
) -> ProposedGrant:
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    _record(action, by, row, row.reason)
    return row


def _record(action: AuditEvent.Action, by: User, row: ProposedGrant, reason: str) -> None:
    zone = {"zone": row.gate_id} if row.gate_id is not None else {}
    group = {"group": row.group.name} if row.group is not None else {}
    AuditEvent.record(action, by, row.user, row, reason, kind=row.kind, **zone, **group)
