"""Requests made from the OpenAPI document: every answer is one that the document promises, and never a 500."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from config.wsgi import application
from tests.factories.cms import ArticlePageFactory
from tests.factories.gate import UserFactory


@pytest.fixture
def api(db):
    """The document as the server sends it, and the server in process."""
    ArticlePageFactory()
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)
    schema.config.generation.update(modes=list(schemathesis.GenerationMode))
    return schema


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_anonymous_readers_get_what_the_document_promises(case):
    case.call_and_validate()


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_signed_in_readers_get_what_the_document_promises(case, client):
    client.force_login(UserFactory())
    case.call_and_validate(cookies={"sessionid": client.cookies["sessionid"].value})
