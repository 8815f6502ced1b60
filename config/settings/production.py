"""The production profile: PostgreSQL, Elasticsearch, Redis, a worker fleet. All from the environment.

A missing variable is reported by `manage.py check --deploy` (ids `xinglin.E0xx`, see config/checks.py).
"""

from __future__ import annotations

from config import env
from config.settings.caches import redis_caches

from .base import *
from .base import XINGLIN_SEARCH

SECRET_KEY = env.SECRET_KEY
XINGLIN_CREDENTIAL_KEYS = env.CREDENTIAL_KEYS
XINGLIN_CONSENT_KEY = env.CONSENT_KEY
IDP_OIDC_PRIVATE_KEY = env.OIDC_PRIVATE_KEY

ALLOWED_HOSTS = env.ALLOWED_HOSTS
XINGLIN_BASE_URL = env.BASE_URL
WAGTAILADMIN_BASE_URL = env.BASE_URL
CSRF_TRUSTED_ORIGINS = [env.BASE_URL] if env.BASE_URL else []

DATABASES = {"default": env.database(env.DATABASE_URL) if env.DATABASE_URL else {}}
DATABASES["default"].update({"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True})
if "postgresql" in DATABASES["default"].get("ENGINE", ""):
    # libpq's own deadlines, unless the address has others: no thread waits longer for a server that does not
    # answer (seconds) or no longer takes what is sent to it (milliseconds).
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 15_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
CACHES = redis_caches(env.REDIS_URL)
XINGLIN_SEARCH = XINGLIN_SEARCH | {
    "ENGINE": "search.engines.elasticsearch.ElasticsearchEngine",
    "URL": env.ELASTICSEARCH_URL,
}
if env.EMAIL_URL:
    _mail = env.email(env.EMAIL_URL)
    XINGLIN_MAIL_TRANSPORT = str(_mail.pop("EMAIL_BACKEND"))
    globals().update(_mail)

SECURE_SSL_REDIRECT = True
# Subdomains and the browsers' own lists concern more than this site, and are slow to undo: opt-in.
SECURE_HSTS_SECONDS = env.HSTS_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.HSTS_SUBDOMAINS
SECURE_HSTS_PRELOAD = env.HSTS_PRELOAD
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if env.TRUSTED_PROXIES:  # of others config.clients drops the header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS without subdomains: the operator's choice, above
    "security.W009",  # the secret key: xinglin.E030 names the variable
    "security.W019",  # frames: Wagtail shows its previews in one of this site
    "security.W021",  # HSTS preload: as W005
]
