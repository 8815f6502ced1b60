"""Secrets of second factors lie sealed in the database and move to a new key with the credentials."""

from __future__ import annotations

import base64
import os
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from gate.sealing import CannotOpen
from tests.factories.gate import UserFactory
from tests.factories.second_factors import TOTP, RecoveryCodes
from tests.gate.people.signin.test_second_factor import SECRET, code_of

pytestmark = pytest.mark.django_db


def rotated() -> str:
    out = StringIO()
    call_command("rotate_credential_keys", stdout=out)
    return out.getvalue().strip()


def test_the_database_holds_no_secret_and_the_codes_still_work():
    user = UserFactory()
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    assert stored.count("sealed:") == 2
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert app.wrap().validate_code(code_of())
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    assert kept.wrap().get_unused_codes() == codes


def test_a_new_key_takes_over_and_the_old_one_can_go(settings):
    user = UserFactory()
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    old = settings.XINGLIN_CREDENTIAL_KEYS
    new = base64.b64encode(os.urandom(32)).decode()
    settings.XINGLIN_CREDENTIAL_KEYS = [new, *old]
    assert (rotated(), rotated()) == ("re-wrapped: 2", "re-wrapped: 0")
    settings.XINGLIN_CREDENTIAL_KEYS = [new]
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    assert app.wrap().validate_code(code_of())
    settings.XINGLIN_CREDENTIAL_KEYS = old
    with pytest.raises(CannotOpen):
        app.wrap().validate_code(code_of())
