"""Requests made from the OpenAPI document: each answer is one that it promises, and never a 500.

Driven by hand and not through schemathesis's pytest plugin, which does not know pytest's subtests.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from api.schema import document
from config.wsgi import application
from tests.api.whole_article import golden_article, golden_zone
from tests.factories.gate import UserFactory, add_step

pytestmark = pytest.mark.django_db

bounded = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
# A cursor of the right form is still not one of ours, a zone of the right form may not exist.
NOT_PROMISED = [positive_data_acceptance]
OPERATIONS = sorted(
    (operation["operationId"], method.upper(), path)
    for path, item in document()["paths"].items()
    for method, operation in item.items()
)
# Without query, body or a path of a certain form there is nothing that could be wrong.
NOTHING_TO_NEGATE = {
    "account_read", "consents_list", "erasure_read", "export_read", "own_answers_list", "problems_list",
    "problems_read", "receipt_key", "receipt_verify", "schema_read", "verification_read", "zones_list",
    "zones_read",
}  # fmt: skip
MODES = {
    name: [mode for mode in GenerationMode if mode.is_positive or name not in NOTHING_TO_NEGATE]
    for name, _method, _path in OPERATIONS
}


def from_an_address(environ, start_response):
    """The application, asked by a client that has an address; one without is refused (config.clients)."""
    return application({"REMOTE_ADDR": "127.0.0.1"} | environ, start_response)


@cache
def described() -> Any:
    """The document as schemathesis reads it: once for all tests."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = from_an_address
    return schema


@pytest.fixture
def world(settings):
    """Something behind most addresses; nothing throttled."""
    settings.XINGLIN_API_RATES = {}
    zone = golden_zone()
    add_step(zone, "agreement")
    golden_article(zone)


@pytest.mark.parametrize(("name", "method", "path"), OPERATIONS, ids=[each[0] for each in OPERATIONS])
def test_answers_keep_the_promises_of_the_document(world, client, name, method, path):
    """Of valid and of invalid requests, to anonymous users and to readers: in one world, which costs most."""
    client.force_login(UserFactory())
    reader = {"sessionid": client.cookies["sessionid"].value}
    for mode in MODES[name]:
        for cookies in ({}, reader):
            ask(described()[path][method], mode, cookies)


def ask(operation: Any, mode: GenerationMode, cookies: dict[str, str]) -> None:
    """Make requests and check each answer; an answer that breaks a promise says which request it was."""

    @bounded
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case):
        case.call_and_validate(
            cookies=cookies, excluded_checks=NOT_PROMISED + ([ignored_auth] if cookies else [])
        )

    run()
