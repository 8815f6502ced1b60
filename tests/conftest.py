"""What every test shares. Markers of services are declared in pyproject.toml."""

from __future__ import annotations

import secrets

import pytest

from tests.flush import allow_flush

pytest_plugins = ["tests.session", "tests.template_database", "tests.golden"]
allow_flush()


@pytest.fixture(autouse=True)
def own_var(tmp_path_factory, settings):
    """Each test has its own data folder (files, credentials, the embedded index) and its own index name."""
    from search.engines import base

    # A name of its own: looking for the next number among thousands of folders takes longer than many a test.
    var = tmp_path_factory.mktemp(f"var-{secrets.token_hex(8)}", numbered=False)
    settings.XINGLIN_VAR = var
    settings.MEDIA_ROOT = var / "media"
    settings.XINGLIN_CREDENTIALS_ROOT = var / "credentials"
    index = f"xinglin-test-{secrets.token_hex(6)}"
    chosen = settings.XINGLIN_SEARCH | {"PATH": var / "search", "INDEX": index}
    settings.XINGLIN_SEARCH = chosen
    made = base._engine.cache_info().misses
    yield var
    if chosen["URL"] and base._engine.cache_info().misses > made:
        base.get_engine(chosen).drop()


@pytest.fixture(autouse=True)
def empty_cache():
    """No test sees what another cached."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def own_language():
    """A request activates its reader's language for the whole thread; the next test starts in the default."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def own_connection(request, monkeypatch):
    """The end of a request closes no connection on which the test has its transaction.

    Django's client sees to that itself, but for an answer that streams and for a client that calls the WSGI
    application. SQLite's memory hides it: it is never closed.
    """
    from django.db import connection

    marker = request.node.get_closest_marker("django_db")
    if marker is not None and not marker.kwargs.get("transaction"):
        monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
