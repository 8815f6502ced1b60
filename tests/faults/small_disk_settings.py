"""The settings of a server on a small disk: embedded, or with a database that lies elsewhere."""

from __future__ import annotations

from config import env

# ruff: noqa: F403
if env.TEST_DATABASE_URL:
    from config.settings.test import *
    from config.settings.test import XINGLIN_SEARCH as _SEARCH

    SECRET_KEY = env.SECRET_KEY
    XINGLIN_VAR = env.VAR
    MEDIA_ROOT = XINGLIN_VAR / "media"
    XINGLIN_CREDENTIALS_ROOT = XINGLIN_VAR / "credentials"
    XINGLIN_SEARCH = _SEARCH | {"INDEX": env.SEARCH_INDEX, "PATH": XINGLIN_VAR / "search"}
else:
    from config.settings.local import *

# Without collecting them first.
STORAGES = {
    "default": {"BACKEND": "cms.whole_files.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
XINGLIN_SECOND_FACTOR = "off"  # the admin is asked here, and not how one gets in
