"""The rule who may give which power to whom, used by every screen of accounts, groups and grants.

1. No power to oneself, nor to a group that one is in. 2. Superusers are made by superusers. Review is given
by appointers: superusers and users with gate.appoint_staff. Users who grant zones (add permission on grants)
give rights on zones, and users with `grant_access` give reading in that zone. 3. Others pass on what they
have themselves, never review and never appointing. 4. Credentials are opened by two: what shows them waits
until a second administrator confirms it. 5. An account is changed by users who could have given all its
powers, and taken over (address) by users who have them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group

from gate.models import User
from gate.people.grants import Right
from gate.people.powers import (
    APPOINT,
    SUPERUSER,
    Power,
    Powers,
    holds,
    powers_by_group,
    powers_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ruling(IntEnum):
    """In the order of severity, so that the strictest of several is their maximum."""

    YES = 0
    SECOND = 1
    NO = 2


GRANTING = ("gate.add_zoneuserobjectpermission", "gate.add_zonegroupobjectpermission")


class Giver:
    """A user who gives powers; loaded once for a request."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.powers: Powers = powers_of(user) if user.is_active else frozenset()
        self.group_ids = frozenset(user.groups.values_list("pk", flat=True))
        everything = SUPERUSER in self.powers
        self.appoints = everything or self._has(APPOINT)
        self.grants = everything or any(self._has(name) for name in GRANTING)

    def _has(self, name: str) -> bool:
        return Power("permission", "", name) in self.powers

    def may_give(self, power: Power) -> Ruling:
        """Rules 2 to 4, for any recipient."""
        if power == SUPERUSER:
            return Ruling.YES if SUPERUSER in self.powers else Ruling.NO
        grants_zone = power.kind == "zone" and self.grants
        if power.shows_credentials:
            return Ruling.SECOND if self.appoints or grants_zone else Ruling.NO
        if self.appoints or grants_zone or holds(self._on_hand(), power):
            return Ruling.YES
        return Ruling.NO

    def _on_hand(self) -> Powers:
        """The powers that a user without the right to appoint can pass on."""
        own = {power for power in self.powers if not power.reviews and power.what != APPOINT}
        own -= {power for power in own if power.kind == "zone"}
        zones = {power.where for power in self.powers if power.what == Right.GRANT_ACCESS}
        return frozenset(own | {Power("zone", zone, Right.READ.value) for zone in zones})

    def rule(
        self, powers: Iterable[Power], *, user: User | None = None, group: Group | None = None
    ) -> Ruling:
        """The strictest ruling on giving all `powers` to the user or the group."""
        wanted = list(powers)
        if not wanted:
            return Ruling.YES
        own_group = group is not None and group.pk in self.group_ids
        if own_group or (user is not None and user.pk == self.user.pk):
            return Ruling.NO
        return max(self.may_give(power) for power in wanted)

    def rule_on_groups(self, groups: Iterable[Group], *, user: User | None = None) -> dict[int, Ruling]:
        """For each group, the ruling on joining it to `user` (None: an account still to be created)."""
        powers = powers_by_group(group.pk for group in groups)
        return {pk: self.rule(held, user=user) for pk, held in powers.items()}

    def may_change(self, user: User) -> bool:
        """Rule 5, the account itself: name, language, groups, whether it is active."""
        return user.pk == self.user.pk or all(self.may_give(power) != Ruling.NO for power in powers_of(user))

    def may_take_over(self, user: User) -> bool:
        """Rule 5, the address: a reset link goes there, so its user gets everything the account may do."""
        return all(holds(self.powers, power) for power in powers_of(user))

    def may_reactivate(self, user: User) -> bool:
        """True when reactivating gives nothing that one administrator may not give."""
        return self.rule(powers_of(user), user=user) == Ruling.YES


_confirmed: ContextVar[bool] = ContextVar("confirmed_by_two", default=False)


@contextmanager
def confirmed_by_two() -> Iterator[None]:
    """Inside, gate/people/guard.py lets through what otherwise waits for a second administrator."""
    token = _confirmed.set(True)
    try:
        yield
    finally:
        _confirmed.reset(token)


def is_confirmed() -> bool:
    return _confirmed.get()


def refuses(
    by: Any, powers: Iterable[Power], *, user: User | None = None, group: Group | None = None
) -> bool:
    """True when `by` may not give this at once."""
    ruling = Giver(by).rule(powers, user=user, group=group)
    return ruling == Ruling.NO or (ruling == Ruling.SECOND and not is_confirmed())
