"""Two tabs at the same moment, with real threads and connections."""

from __future__ import annotations

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client

from tests.api.test_identity_tokens import refresh
from tests.api.test_oidc import REDIRECT, add_client, consent, exchange
from tests.factories.gate import UserFactory
from tests.gate.steps.test_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

TABS = 4


@pytest.fixture
def app(client):
    client.force_login(UserFactory())
    return add_client("--public", "--redirect-uri", REDIRECT)


def test_tabs_that_refresh_together_all_get_on_with_one_successor(client, app):
    first = exchange(client, app, consent(client, app)).json()["refresh_token"]
    answers = at_once(*[lambda: refresh(Client(), app, first)] * TABS)
    assert [answer.status_code for answer in answers] == [200] * TABS
    successors = {answer.json()["refresh_token"] for answer in answers}
    assert len(successors) == 1
    assert Token.objects.filter(type=Token.Type.REFRESH_TOKEN).count() == 2
    assert refresh(client, app, successors.pop()).status_code == 200


def test_a_code_exchanged_twice_at_once_is_good_once(client, app):
    code = consent(client, app)
    answers = at_once(*[lambda: exchange(Client(), app, code)] * TABS)
    assert [answer.status_code for answer in answers].count(200) <= 1
