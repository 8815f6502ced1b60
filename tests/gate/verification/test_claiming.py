"""Who may claim a case, and to whom it is offered: one rule, spelled out here, for any row there can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.admin.desk.cases import free_for
from gate.errors import GateError
from gate.models import Verification
from gate.people.grants import Right, grant
from gate.people.reviewing import colleagues, waiting_for
from gate.verification.decisions import claim
from tests.factories.gate import UserFactory, gated_zone, permit, reviewer, submitted

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Just before, at and after each end: a claim lasts 30 minutes, a question 14 days.
ages = st.sampled_from(
    [MINUTE, 30 * MINUTE - MINUTE / 60, 30 * MINUTE, DAY, 14 * DAY - MINUTE / 60, 14 * DAY, 15 * DAY]
)
holds = st.sampled_from([None, -MINUTE, timedelta(0), MINUTE, DAY])
WHO = ("everywhere", "here", "elsewhere", "until now", "superuser", "reader")


@dataclass
class People:
    users: dict[str, Any]
    case: Verification
    zones: dict[str, Any]


@st.composite
def rows(draw):
    """The fields of a row as some history could have left them; people by name."""
    state = draw(st.sampled_from(Verification.State.values))
    assigned = state in ("in_review", "needs_answer") or draw(st.booleans())
    people = st.sampled_from((None, "colleague", *WHO))
    return {
        "state": state,
        "reviewer": draw(st.sampled_from(("colleague", *WHO))) if assigned else None,
        "claimed": draw(ages) if assigned else None,
        "held": draw(holds) if state == "in_review" else None,
        "proposed_by": draw(people),
        "appealed_from": draw(people),
        "user": draw(st.sampled_from(("applicant", "applicant", *WHO))),
        "zone": draw(st.sampled_from((None, "here", "elsewhere"))),
        "proposal": draw(st.booleans()),
    }


@pytest.fixture
def people(clock):
    zones = {name: gated_zone("verification") for name in ("here", "elsewhere")}
    names = ("applicant", "here", "elsewhere", "until now", "reader")
    users = {name: UserFactory() for name in names}
    users |= {"everywhere": reviewer(), "colleague": reviewer(), "superuser": UserFactory(is_superuser=True)}
    for name in ("here", "elsewhere"):
        grant(user=users[name], zone_id=zones[name].pk, right=Right.REVIEW, reason="审核", by=None)
    ended = {"right": Right.REVIEW, "reason": "审核", "by": None, "expires_at": clock.now}
    grant(user=users["until now"], zone_id=zones["here"].pk, **ended)
    permit(users["here"], "wagtailadmin.access_admin")
    return People(users, submitted(users["applicant"]), zones)


def put(people: People, clock: Any, row: dict[str, Any]) -> Verification:
    """Make the case look as `row` says."""
    names = ("user", "reviewer", "proposed_by", "appealed_from")
    Verification.objects.filter(pk=people.case.pk).update(
        state=row["state"],
        zone_id=people.zones[row["zone"]].pk if row["zone"] else None,
        claimed_at=clock.now - row["claimed"] if row["claimed"] else None,
        held_until=clock.now + row["held"] if row["held"] is not None else None,
        proposal={"decision": "approved"} if row["proposal"] else {},
        **{name: people.users.get(row[name]) for name in names},
    )
    return Verification.objects.get(pk=people.case.pk)


def reviews(who: str, row: dict[str, Any]) -> bool:
    return who != row["user"] and (
        who == "everywhere" or (who == row["zone"] and who in ("here", "elsewhere"))
    )


def is_kept_from(who: str, row: dict[str, Any]) -> bool:
    """It is another reviewer's for the moment, or this one decided it before."""
    if who in (row["proposed_by"], row["appealed_from"]):
        return True
    if row["state"] != "in_review" or row["reviewer"] == who:
        return False
    return row["claimed"] < 30 * MINUTE or (row["held"] is not None and row["held"] > timedelta(0))


def may_claim(who: str, row: dict[str, Any]) -> bool:
    if not reviews(who, row) or is_kept_from(who, row):
        return False
    if row["state"] == "needs_answer":
        return row["reviewer"] == who or row["claimed"] >= 14 * DAY
    return row["state"] in ("submitted", "in_review")


PLAYED = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@PLAYED
@given(row=rows(), who=st.sampled_from(("everywhere", "here", *WHO)))
def test_a_case_is_offered_to_and_claimed_by_who_may(people, clock, row, who):
    case, user = put(people, clock, row), people.users[who]
    assert free_for(user).exists() == (may_claim(who, row) and row["state"] != "needs_answer")
    decided_before = who in (row["proposed_by"], row["appealed_from"])
    waits = row["state"] in ("submitted", "in_review") or (row["state"] == "approved" and row["proposal"])
    assert waiting_for(user).exists() == (waits and reviews(who, row) and not decided_before)
    try:
        with transaction.atomic():
            done = claim(case=case, reviewer=user)
    except GateError:
        done = None
    assert (done is not None) == may_claim(who, row)
    case.refresh_from_db()
    assert case.state == ("in_review" if done else row["state"])
    assert case.reviewer == (user if done else people.users.get(row["reviewer"]))


@PLAYED
@given(row=rows(), to=st.sampled_from(("everywhere", "here", "colleague", *WHO)))
def test_a_case_is_handed_over_to_who_may_decide_it(people, clock, row, to):
    case = put(people, clock, row)
    possible = colleagues(people.users["colleague"], case).filter(pk=people.users[to].pk).exists()
    decided_before = to in (row["proposed_by"], row["appealed_from"])
    # The one of "elsewhere" does not get into the admin.
    assert possible == (to in ("everywhere", "here") and reviews(to, row) and not decided_before)
