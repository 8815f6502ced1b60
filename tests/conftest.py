"""What every test shares. Markers of services: `postgres`, `elasticsearch`, `redis`, `browser` (Makefile)."""

from __future__ import annotations

import pytest

from tests.flush import allow_flush

pytest_plugins = ["tests.session"]
allow_flush()


@pytest.fixture(autouse=True)
def own_var(tmp_path_factory, settings):
    """Each test has its own data folder: files, credentials and the embedded index."""
    var = tmp_path_factory.mktemp("var")
    settings.XINGLIN_VAR = var
    settings.MEDIA_ROOT = var / "media"
    settings.XINGLIN_CREDENTIALS_ROOT = var / "credentials"
    settings.XINGLIN_SEARCH = settings.XINGLIN_SEARCH | {"PATH": var / "search"}
    return var


@pytest.fixture(autouse=True)
def empty_cache():
    """No test sees what another cached."""
    from django.core.cache import cache

    cache.clear()
