"""The suite's profile: embedded by default; real services where XINGLIN_TEST_* name them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from config import env, local_secrets
from config.settings.caches import redis_caches

from .base import *
from .base import TASKS, XINGLIN_SEARCH

_secrets = local_secrets.generate()
SECRET_KEY = _secrets["secret_key"]
XINGLIN_CREDENTIAL_KEYS = [_secrets["credential_key"]]
XINGLIN_CONSENT_KEY = _secrets["consent_key"]
IDP_OIDC_PRIVATE_KEY = _secrets["oidc_private_key"]

XINGLIN_VAR = Path(tempfile.mkdtemp(prefix="xinglin-test-"))
MEDIA_ROOT = XINGLIN_VAR / "media"
STATIC_ROOT = XINGLIN_VAR / "static"
STATIC_ROOT.mkdir()  # WhiteNoise warns of a folder that is not there
XINGLIN_CREDENTIALS_ROOT = XINGLIN_VAR / "credentials"
XINGLIN_BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

if env.TEST_DATABASE_URL:
    DATABASES = {"default": env.database(env.TEST_DATABASE_URL)}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
if env.TEST_REDIS_URL:
    CACHES = redis_caches(env.TEST_REDIS_URL, prefix=XINGLIN_VAR.name)
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
XINGLIN_SEARCH = XINGLIN_SEARCH | {"INDEX": XINGLIN_VAR.name.lower(), "PATH": XINGLIN_VAR / "search"}
if env.TEST_ELASTICSEARCH_URL:
    XINGLIN_SEARCH = XINGLIN_SEARCH | {
        "ENGINE": "search.engines.elasticsearch.ElasticsearchEngine",
        "URL": env.TEST_ELASTICSEARCH_URL,
    }

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tasks run when they are enqueued and mails go at once, so that a test reads like what it tests. The real
# ways are tested by tests/gate/notify/test_outgoing_mail.py, tests/config/test_worker.py and tests/faults.
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
XINGLIN_MAIL_TRANSPORT = ""  # as EMAIL_BACKEND
TASKS = {"default": TASKS["default"] | {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": {"BACKEND": "cms.whole_files.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
AXES_ENABLED = False
XINGLIN_SECOND_FACTOR = "off"  # switched on by the tests about it
XINGLIN_API_DOCS_SIGN_IN = False  # a test that wants its client registers it
