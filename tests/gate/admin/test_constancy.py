"""Lists of the gate's admin cost the same with one row and with twenty; the desk's are tested beside it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.gate import UserFactory, admitted_reader, gated_zone

pytestmark = pytest.mark.django_db

LISTS = [
    "/admin/audit/",
    "/admin/gate/agreements/",
    "/admin/gate/questionnaires/",
    "/admin/gate/gates/",
    "/admin/gate/answers/",
    "/admin/gate/grants/people/",
    "/admin/gate/readers/",
    "/admin/users/",
]


def cost(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_lists_cost_the_same_for_one_row_and_for_twenty(client):
    def add() -> None:
        admitted_reader(gated_zone("agreement", "profile", "verification"))

    client.force_login(UserFactory(is_superuser=True))
    add()
    for address in LISTS:
        client.get(address)  # content types, site
    one = {address: cost(client, address) for address in LISTS}
    for _ in range(19):
        add()
    assert {address: count for address in LISTS if (count := cost(client, address)) > one[address]} == {}
