"""The decisions for one user, loaded once for a request and asked as often as needed.

Every reading surface asks here. An exception is logged and means no.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cms.audiences import Audience
from gate.decision.facts import Decision, Reason, Subject, ZoneRules
from gate.decision.policy import at_audience, decide
from gate.decision.selectors import load_rules, load_subject
from gate.decision.state import GateState, build_state

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cms.models import ZonePage
    from gate.models import User

logger = logging.getLogger(__name__)

REQUEST_ATTRIBUTE = "_xinglin_access"


def guarded_audience(zone: ZonePage) -> str:
    """Whom the zone's gate admits; that of a public zone guards its articles with a narrower audience."""
    return Audience.HCP if zone.audience == Audience.PUBLIC else zone.audience


class Access:
    """The decisions for one user at one moment. Facts are loaded on first use, in ten queries at most."""

    def __init__(self, user: User | AnonymousUser, *, now: datetime | None = None) -> None:
        self.user = user
        self.now = now or timezone.now()

    @cached_property
    def subject(self) -> Subject:
        return load_subject(self.user)

    @cached_property
    def _rules(self) -> dict[int, ZoneRules]:
        return load_rules(now=self.now)

    def decide(self, zone_id: int, audience: str) -> Decision:
        """Whether this user may read what is for `audience` in that zone. Denies on any failure."""
        if audience == Audience.PUBLIC:
            return Decision(True, Reason.PUBLIC)
        try:
            if self.subject.user_id is None:
                return Decision(False, Reason.ANONYMOUS)
            return decide(self.subject, self.rules(zone_id, audience), now=self.now)
        except Exception:  # deny by default, whatever the error
            logger.exception("gate decision failed: denied", extra={"zone_id": zone_id})
            return Decision(False, self._reason_after_failure(audience))

    def rules(self, zone_id: int, audience: str) -> ZoneRules:
        """The zone's rules at that audience; KeyError for a zone that does not exist."""
        return at_audience(self._rules[zone_id], Audience(audience))

    def scope(self) -> frozenset[str]:
        """The access keys ("<zone id>:<audience>") that this user may read, public ones included."""
        try:
            zone_ids = list(self._rules)
        except Exception:  # deny by default
            logger.exception("gate scope failed: denied")
            return frozenset()
        return frozenset(
            f"{zone_id}:{audience.value}"
            for zone_id in zone_ids
            for audience in Audience
            if self.decide(zone_id, audience).allowed
        )

    def state(self, zone: ZonePage, audience: str | None = None) -> GateState:
        """All that a screen needs about the zone's gate, at the zone's or an article's audience."""
        decision = self.decide(zone.pk, audience or zone.audience)
        rules = self.rules(zone.pk, audience or zone.audience)
        return build_state(self.user, zone, rules, self.subject, decision, now=self.now)

    def _reason_after_failure(self, audience: str) -> Reason:
        """A reason that holds for any user, for use when no facts could be loaded."""
        if not self.user.is_authenticated:
            return Reason.ANONYMOUS
        return Reason.AGREEMENT_REQUIRED if audience == Audience.REGISTERED else Reason.VERIFICATION_REQUIRED


def access_of(request: Any) -> Access:
    """The request's Access; a new one when the user signed in or out meanwhile."""
    known = getattr(request, REQUEST_ATTRIBUTE, None)
    if known is None or known.user.pk != request.user.pk:
        known = Access(request.user)
        setattr(request, REQUEST_ATTRIBUTE, known)
    return known


def forget_access(request: Any) -> None:
    """Call after writing when the same request goes on to read: its facts are out of date."""
    if hasattr(request, REQUEST_ATTRIBUTE):
        delattr(request, REQUEST_ATTRIBUTE)
