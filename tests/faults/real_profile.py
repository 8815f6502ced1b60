"""Settings of processes in fault tests: the suite's, but tasks wait for a worker and mails for a mail server.

FAULTS_FOLDER is where these processes share files, FAULTS_SMTP_PORT the mail server's stand-in; keys come
from the environment, as the processes read what the test has sealed.
"""

from __future__ import annotations

import os
from pathlib import Path

from config import env
from config.settings.base import EMAIL_BACKEND as QUEUE
from config.settings.base import TASKS as QUEUED
from config.settings.sqlite import sqlite_database
from config.settings.test import *  # noqa: F403 - a profile is another one plus its differences
from config.settings.test import DATABASES, XINGLIN_SEARCH

_FOLDER = Path(os.environ["FAULTS_FOLDER"])
XINGLIN_VAR = _FOLDER
XINGLIN_SEARCH = XINGLIN_SEARCH | {"PATH": _FOLDER / "search", "INDEX": "faults"}
XINGLIN_CREDENTIAL_KEYS = env.CREDENTIAL_KEYS
XINGLIN_CONSENT_KEY = env.CONSENT_KEY
SECRET_KEY = env.SECRET_KEY
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES = {"default": sqlite_database(DATABASES["default"]["NAME"])}

TASKS = QUEUED
EMAIL_BACKEND = QUEUE
XINGLIN_MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["FAULTS_SMTP_PORT"])
