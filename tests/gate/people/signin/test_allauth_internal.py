"""allauth's internal names: in one module, and as they were when we began to use them."""

from __future__ import annotations

import inspect
import re

import pytest
from allauth.core.context import request_context

from gate.people.signin import allauth_internal
from tests.test_architecture import ROOT, tracked

ALONE = {"gate/people/signin/allauth_internal.py", "tests/factories/second_factors.py"}
# Each name, with the parameters that our calls rely on, in their order; None: a constant or module.
SIGNATURES = {
    "EMAIL_VERIFICATION_CODE_SESSION_KEY": None,
    "OAuthLibRequestValidator": [],
    "did_recently_reauthenticate": ["request"],
    "filter_users_by_email": ["email", "is_active", "prefer_verified", "for_login"],
    "generate_access_token": ["request"],
    "get_authentication_records": ["request", "user"],
    "get_validator_context": [],
    "is_resources_subset": ["requested", "granted"],
    "ratelimit": None,
    "record_authentication": ["request", "user", "method", "extra_data"],
    "request_password_reset": ["request", "email", "users", "token_generator"],
}
METHODS = {
    "_lookup_client": ["self", "request", "client_id"],
    "_use_client": ["self", "request", "client"],
    "_prep_access_token": ["self", "ctx", "token", "request"],
}


def parameters(function) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_no_other_module_imports_them():
    found = {
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if re.search(r"^\s*(from|import) allauth\.[\w.]*internal", path.read_text(encoding="utf-8"), re.M)
    }
    assert found == ALONE


def test_every_name_is_listed_here():
    assert set(allauth_internal.__all__) == set(SIGNATURES)


@pytest.mark.parametrize("name", SIGNATURES)
def test_it_is_called_as_we_call_it(name):
    value = getattr(allauth_internal, name)
    assert (parameters(value) if callable(value) else None) == SIGNATURES[name]


@pytest.mark.parametrize("name", METHODS)
def test_the_validator_has_the_methods_that_ours_calls(name):
    assert parameters(getattr(allauth_internal.OAuthLibRequestValidator, name)) == METHODS[name]


def test_limits_are_counted_under_the_keys_that_we_read():
    ratelimit = allauth_internal.ratelimit
    assert parameters(ratelimit.parse_rates) == ["rates"]
    assert parameters(ratelimit.get_cache_key) == ["request", "app", "action", "rate", "key", "user"]
    assert set(ratelimit.Rate.__dataclass_fields__) == {"amount", "duration", "per"}


def test_the_context_of_a_token_has_what_we_set(rf):
    with request_context(rf.get("/")):
        context = vars(allauth_internal.get_validator_context())
    assert {"refresh_token", "granted_resources", "email"} <= set(context)
