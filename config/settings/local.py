"""The embedded profile: SQLite, embedded search, files under `var/`. Needs nothing but Python."""

from __future__ import annotations

from config import env
from config.local_secrets import load_or_create
from config.logs import logging_config

from .base import *
from .base import STORAGES, XINGLIN_VAR
from .sqlite import sqlite_database

DEBUG = env.DEBUG
_secrets = load_or_create(XINGLIN_VAR)
SECRET_KEY = env.SECRET_KEY or _secrets["secret_key"]
XINGLIN_CREDENTIAL_KEYS = env.CREDENTIAL_KEYS or [_secrets["credential_key"]]
XINGLIN_CONSENT_KEY = env.CONSENT_KEY or _secrets["consent_key"]
IDP_OIDC_PRIVATE_KEY = env.OIDC_PRIVATE_KEY or _secrets["oidc_private_key"]

# Its entries are invented; the demo's queue shows a register's result for a case.
XINGLIN_REGISTERS = env.REGISTERS or ["gate.verification.registers.csv_file.CsvRegister"]
XINGLIN_REGISTER_CSV = env.REGISTER_CSV or str(env.BASE_DIR / "config" / "demo" / "register.csv")
XINGLIN_REGISTER_NAME = env.REGISTER_NAME or "示范登记库"

ALLOWED_HOSTS = env.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
XINGLIN_BASE_URL = env.BASE_URL or f"http://localhost:{env.PORT}"
WAGTAILADMIN_BASE_URL = XINGLIN_BASE_URL

XINGLIN_SECOND_FACTOR = env.SECOND_FACTOR or "offered"

DATABASES = {"default": sqlite_database(XINGLIN_VAR / "xinglin.sqlite3")}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
XINGLIN_MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = XINGLIN_VAR / "mail"

if DEBUG:
    STORAGES = STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
LOGGING = logging_config(fmt="console" if DEBUG else env.LOG_FORMAT, level=env.LOG_LEVEL)
