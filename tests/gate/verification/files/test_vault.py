"""Credentials at rest: sealed, outside Wagtail, and in step with their rows."""

from __future__ import annotations

import base64
import os

import pytest
from django.db import transaction

from gate import sealing
from gate.models import Credential
from gate.verification.decisions import claim
from gate.verification.files import vault
from gate.verification.files.credentials import record_look, show_look
from gate.verification.files.uploads import CleanFile
from tests.factories.gate import credential_bytes, reviewer, submitted

PLAIN = b"the number on the card"


def key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def files(settings):
    root = settings.XINGLIN_CREDENTIALS_ROOT
    return sorted(path for path in root.rglob("*") if path.is_file()) if root.exists() else []


class TestSealing:
    def test_what_is_sealed_opens_for_its_row_only(self):
        sealed = sealing.seal(PLAIN, context=b"row a")
        assert PLAIN not in sealed
        assert sealing.open_sealed(sealed, context=b"row a") == PLAIN
        with pytest.raises(sealing.CannotOpen):
            sealing.open_sealed(sealed, context=b"row b")

    def test_the_same_content_is_sealed_differently_each_time(self):
        assert sealing.seal(PLAIN, context=b"a") != sealing.seal(PLAIN, context=b"a")

    def test_every_changed_byte_is_noticed(self):
        sealed = sealing.seal(PLAIN, context=b"a")
        for place in range(len(sealed)):
            broken = bytearray(sealed)
            broken[place] ^= 1
            with pytest.raises(sealing.CannotOpen):
                sealing.open_sealed(bytes(broken), context=b"a")
        for length in (0, 3, sealing.HEADER_BYTES, len(sealed) - 1):
            with pytest.raises(sealing.CannotOpen):
                sealing.open_sealed(sealed[:length], context=b"a")

    def test_keys_rotate_without_losing_old_files(self, settings):
        old, new = key(), key()
        settings.XINGLIN_CREDENTIAL_KEYS = [old]
        sealed = sealing.seal(PLAIN, context=b"a")
        settings.XINGLIN_CREDENTIAL_KEYS = [new, old]
        assert sealing.open_sealed(sealed, context=b"a") == PLAIN
        fresh = sealing.rewrap(sealed, context=b"a")
        assert sealing.key_id_of(fresh) != sealing.key_id_of(sealed)
        settings.XINGLIN_CREDENTIAL_KEYS = [new]
        assert sealing.open_sealed(fresh, context=b"a") == PLAIN
        with pytest.raises(sealing.CannotOpen, match="not configured"):
            sealing.open_sealed(sealed, context=b"a")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestStoring:
    def test_after_the_commit_the_ciphertext_is_in_a_file_and_nowhere_else(self, settings):
        row = submitted().credentials.get()
        (path,) = files(settings)
        assert path.name == row.name
        assert row.sealed is None
        assert path.stat().st_mode & 0o077 == 0
        assert b"JFIF" not in path.read_bytes()
        assert vault.read(row).startswith(b"\xff\xd8")
        assert not list(settings.XINGLIN_VAR.glob("media/**/*"))

    def test_a_rollback_leaves_no_file(self, settings):
        case = submitted()
        before = files(settings)
        with transaction.atomic():
            vault.store(CleanFile(credential_bytes(), "image/jpeg"), verification=case)
            transaction.set_rollback(True)
        assert files(settings) == before
        assert Credential.objects.count() == 1

    def test_a_crash_after_the_commit_loses_nothing(self, settings, monkeypatch):
        case = submitted()
        monkeypatch.setattr(vault, "store_in_file", lambda pk: None)
        with transaction.atomic():
            row = vault.store(CleanFile(PLAIN, "image/jpeg"), verification=case)
        row.refresh_from_db()
        assert vault.read(row) == PLAIN
        assert len(files(settings)) == 1
        monkeypatch.undo()
        assert vault.store_all_in_files() == 1
        assert vault.store_all_in_files() == 0
        row.refresh_from_db()
        assert row.sealed is None
        assert vault.read(row) == PLAIN

    def test_a_file_of_another_row_does_not_open(self, settings):
        one, two = submitted().credentials.get(), submitted().credentials.get()
        root = settings.XINGLIN_CREDENTIALS_ROOT
        (root / one.name).write_bytes((root / two.name).read_bytes())
        with pytest.raises(sealing.CannotOpen):
            vault.read(one)

    def test_rotation_touches_only_what_needs_it(self, settings):
        row = submitted().credentials.get()
        before = vault.read(row)
        assert vault.rotate(row) is False
        settings.XINGLIN_CREDENTIAL_KEYS = [key(), *settings.XINGLIN_CREDENTIAL_KEYS]
        assert vault.rotate(row) is True
        settings.XINGLIN_CREDENTIAL_KEYS = settings.XINGLIN_CREDENTIAL_KEYS[:1]
        assert vault.read(row) == before

    def test_discarding_leaves_the_hash_and_no_file(self, settings):
        case = submitted()
        row = case.credentials.get()
        vault.discard(row)
        row.refresh_from_db()
        assert files(settings) == []
        assert len(row.content_hash) == 64
        who = reviewer()
        claim(case=case, reviewer=who)
        look = record_look(credential=row, case=case, reviewer=who, reason="核对").pk
        with pytest.raises(FileNotFoundError):
            show_look(look=look, credential=row, case=case, reviewer=who, draw=bytes)
