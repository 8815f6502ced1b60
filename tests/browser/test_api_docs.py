"""'Authorize' in the API documentation, by tapping: sign in, agree, try a request out."""

from __future__ import annotations

import pytest
from allauth.idp.oidc.models import Token

from api.identity.docs_client import keep_docs_client
from tests.factories.gate import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def test_authorize_signs_in_and_requests_carry_the_token(browse, live_server, settings):
    settings.XINGLIN_BASE_URL = live_server.url
    settings.XINGLIN_API_DOCS_SIGN_IN = True
    keep_docs_client()
    reader = UserFactory()
    page = browse()
    page.goto("/api/v1/docs")
    page.locator(".auth-wrapper button.authorize").click()
    flow = page.locator(".auth-container").filter(has_text="authorizationCode")
    with page.expect_popup() as opened:
        flow.locator("button.authorize").click()
    popup = opened.value
    popup.locator("input[name=login]").fill(reader.email)
    popup.locator("input[name=password]").fill(PASSWORD)
    popup.locator("main form button[type=submit]").first.click()
    with popup.expect_event("close"):
        popup.locator("button[name=action][value=grant]").click()
    flow.locator("button", has_text="Logout").wait_for()
    token = Token.objects.get(type=Token.Type.ACCESS_TOKEN)
    assert token.user == reader
    assert "account:read" in token.get_scopes()
    page.locator(".auth-container .btn-done").first.click()
    operation = page.locator("#operations-account-account_read, [id^=operations-][id$=_me_read]").first
    operation.locator(".opblock-summary-control").click()
    operation.locator("button.try-out__btn").click()
    with page.expect_response("**/api/v1/me") as answered:
        operation.locator("button.execute").click()
    assert answered.value.status == 200
    assert answered.value.request.headers["authorization"].startswith("Bearer ")
