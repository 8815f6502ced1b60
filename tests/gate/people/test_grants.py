"""What a grant of staff says of itself."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.utils.translation import override

from gate.people.grants import Right, grant
from tests.factories.gate import UserFactory, gated_zone

pytestmark = pytest.mark.django_db


def test_a_grant_names_its_holder_its_zone_and_its_right():
    zone, user = gated_zone(title="消化专区"), UserFactory(display_name="林一")
    group = Group.objects.create(name="合作媒体")
    made = [
        grant(zone_id=zone.pk, right=Right.READ, reason="press", by=None, **holder)
        for holder in ({"user": user}, {"group": group})
    ]
    with override("en"):
        assert [str(row) for row in made] == [
            f"{user} · 消化专区 · read without passing the gate",
            "合作媒体 · 消化专区 · read without passing the gate",
        ]
