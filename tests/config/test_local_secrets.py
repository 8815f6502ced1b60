"""The embedded profile makes its secrets once; processes that start together agree."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from config.local_secrets import load_or_create


def test_secrets_are_made_once_and_kept(tmp_path):
    assert load_or_create(tmp_path / "var") == load_or_create(tmp_path / "var")


def test_only_the_owner_can_read_them(tmp_path):
    load_or_create(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_two_installations_share_nothing(tmp_path):
    first, second = load_or_create(tmp_path / "a"), load_or_create(tmp_path / "b")
    assert not set(first.values()) & set(second.values())


def test_their_forms_are_what_the_checks_ask_for(tmp_path):
    made = load_or_create(tmp_path)
    assert len(base64.b64decode(made["credential_key"])) == len(base64.b64decode(made["consent_key"])) == 32
    assert load_pem_private_key(made["oidc_private_key"].encode(), None).key_size >= 2048


def test_starting_together_ends_with_one_set(tmp_path):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: load_or_create(tmp_path), range(4)))
    assert all(one == found[0] for one in found)
