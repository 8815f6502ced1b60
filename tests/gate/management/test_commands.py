"""manage.py gate_daily and rotate_credential_keys."""

from __future__ import annotations

import base64
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.utils import timezone

from gate.models import Credential, Verification
from gate.verification.files import vault
from tests.factories.gate import submitted, verification_in


def run(name: str) -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_daily_work_is_done_once():
    case = verification_in("approved")
    Verification.objects.filter(pk=case.pk).update(expires_at=timezone.now())
    first = run("gate_daily")
    assert "expired: 1\n" in first
    assert "in files: 1\n" in first  # a test's transaction never commits, as after a crash
    assert not Credential.objects.filter(sealed__isnull=False).exists()
    again = run("gate_daily")
    assert "expired: 0\n" in again
    assert "in files: 0\n" in again


@pytest.mark.django_db
def test_a_file_that_cannot_be_opened_stops_no_other_and_is_named(settings):
    broken, whole = (submitted().credentials.get() for _number in range(2))
    Credential.objects.filter(pk=broken.pk).update(sealed=b"broken")
    new = base64.b64encode(os.urandom(32)).decode()
    settings.XINGLIN_CREDENTIAL_KEYS = [new, *settings.XINGLIN_CREDENTIAL_KEYS]
    with pytest.raises(CommandError, match=f"credential {broken.pk}:"):
        run("rotate_credential_keys")
    settings.XINGLIN_CREDENTIAL_KEYS = [new]
    assert vault.read(Credential.objects.get(pk=whole.pk))


@pytest.mark.django_db
def test_rotation_that_dies_while_it_writes_the_file_loses_nothing(
    settings, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = submitted().credentials.get()
    plain = vault.read(Credential.objects.get(pk=row.pk))
    new = base64.b64encode(os.urandom(32)).decode()
    settings.XINGLIN_CREDENTIAL_KEYS = [new, *settings.XINGLIN_CREDENTIAL_KEYS]

    def half(self, name, content, max_length=None):
        Path(self.path(name)).write_bytes(content.read()[:10])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "save", half)
        with pytest.raises(KeyboardInterrupt):
            run("rotate_credential_keys")
    settings.XINGLIN_CREDENTIAL_KEYS = [new]
    assert vault.read(Credential.objects.get(pk=row.pk)) == plain
    vault.store_all_in_files()
    assert vault.read(Credential.objects.get(pk=row.pk)) == plain


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_keys_rotate_and_the_old_one_can_go(settings):
    files = [submitted().credentials.get() for _number in range(2)]
    plain = [vault.read(file) for file in files]
    new = base64.b64encode(os.urandom(32)).decode()
    settings.XINGLIN_CREDENTIAL_KEYS = [new, *settings.XINGLIN_CREDENTIAL_KEYS]
    assert run("rotate_credential_keys") == "re-wrapped: 2\n"
    assert run("rotate_credential_keys") == "re-wrapped: 0\n"
    settings.XINGLIN_CREDENTIAL_KEYS = [new]
    assert [vault.read(file) for file in files] == plain
