"""Settings that every profile shares. No host, secret or machine is named here."""

from __future__ import annotations

from email.utils import parseaddr

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from api.rates import DEFAULT_RATES
from config import env
from config.logs import logging_config
from config.settings.background import TASKS as TASKS
from config.settings.people import *

BASE_DIR = env.BASE_DIR
XINGLIN_VAR = env.VAR
DEBUG = False

INSTALLED_APPS = [
    "config",
    "frontend_templates",
    "api",
    "search",
    "gate",
    "exchange",
    "cms",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "gate.admin.people.apps.PeopleAdminConfig",  # wagtail.users with our forms
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "config.clients.ClientAddressMiddleware",
    "config.logs.RequestLogMiddleware",
    "api.identity.cors.CorsMiddleware",
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Outside of every middleware that may fail or respond itself: no response without its policy.
    "config.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.second_factor.SecondFactorMiddleware",
    "cms.middleware.PublishRefusedMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = None

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# The trusted proxies, whose headers about the client's address count (gate.people.client_addresses).
XINGLIN_TRUSTED_PROXIES: list[str] = env.TRUSTED_PROXIES

# --- language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
# The second one fills what the Chinese of Wagtail, allauth and Django lacks.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.STATIC_ROOT
MEDIA_URL = "/media/"
MEDIA_ROOT = XINGLIN_VAR / "media"
STORAGES = {
    "default": {"BACKEND": "cms.whole_files.WholeFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Wagtail's editor posts a field for each block of an article.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Wagtail ------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "杏林"
XINGLIN_MARK_PATH = "/brand/mark/"  # where the reader site serves the mark chosen for the site
WAGTAIL_I18N_ENABLED = True
WAGTAILIMAGES_IMAGE_MODEL = "cms.XinglinImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.image_form.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
# A medical review is of one text: an edit afterwards needs another one. The approval itself publishes.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "cms.approval.publish_reviewed"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
# Passwords and addresses are changed through allauth (config.doors).
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILEMBEDS_FINDERS: list[dict[str, object]] = []
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TAGGIT_CASE_INSENSITIVE = True

# --- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.BearerAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "api.problems.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
    "FORMAT_SUFFIX_KWARG": None,
    "UNICODE_JSON": True,
}

# The document is made by manage.py write_openapi and compared by tests. The library's own check at deployment
# would describe Wagtail's admin API.
SPECTACULAR_SETTINGS = {"ENABLE_DJANGO_DEPLOY_CHECK": False}

# --- security -----------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "frontend_templates.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# --- Xinglin ------------------------------------------------------------------------------------
# "read", "search", "write": "600/min" or "off" (api/rates.py).
XINGLIN_API_RATES: dict[str, str] = DEFAULT_RATES | env.API_RATES
# Processes that answer requests on this machine: what they count must be shared.
XINGLIN_WEB_WORKERS = env.WEB_WORKERS
XINGLIN_SEARCH = {
    "ENGINE": "search.engines.embedded.EmbeddedEngine",
    "URL": "",
    "INDEX": env.SEARCH_INDEX,
    "PATH": XINGLIN_VAR / "search",
}
# Rendered with {"article": full document, "preview": True} when an editor previews an article.
XINGLIN_PREVIEW_TEMPLATE = "frontend_templates/article.html"
# Rendered with {"step": {"title", "questionnaire"}, "preview": True} for a questionnaire's draft.
XINGLIN_QUESTIONS_PREVIEW_TEMPLATE = "frontend_templates/gate/questions.html"
XINGLIN_ERASURE_GRACE_DAYS = env.ERASURE_GRACE_DAYS
XINGLIN_RETENTION_DAYS = env.RETENTION_DAYS  # what differs from gate/privacy/retention.py
# The controller of the personal data, as consent receipts name it; empty members are left out.
XINGLIN_CONTROLLER = {
    "name": env.CONTROLLER_NAME,
    "email": env.CONTROLLER_EMAIL or parseaddr(env.EMAIL_FROM)[1],
    "url": env.CONTROLLER_URL or env.BASE_URL,
    "address": env.CONTROLLER_ADDRESS,
}
# By name of a screen (gate.decision.step_kinds); rendered with {"step", "preview": a sentence} when
# the admin shows an agreement's draft.
XINGLIN_GATE_SCREEN = "frontend_templates/gate/{}.html"
XINGLIN_SECOND_REVIEW_PERCENT = env.SECOND_REVIEW_PERCENT
# How many untrusted files are decoded at once on this machine (cms.drawing).
XINGLIN_DRAWINGS = env.DRAWINGS
XINGLIN_CREDENTIALS_ROOT = XINGLIN_VAR / "credentials"
# Every mail becomes a sealed row; the worker passes it to the transport, which connects to a mail server.
EMAIL_BACKEND = "gate.notify.outbox.OutgoingBackend"
XINGLIN_MAIL_TRANSPORT = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env.EMAIL_FROM
EMAIL_TIMEOUT = 10  # seconds
# Reviewers are notified of new cases at most once in so many minutes.
XINGLIN_REVIEWER_MAIL_INTERVAL = 60
# Days before the end of a verification on which its user is reminded, once each.
XINGLIN_REMINDER_DAYS = (30, 7)
# Registers that are asked about each case, by dotted path (docs/howto/add-a-registry-check.md).
XINGLIN_REGISTERS: list[str] = env.REGISTERS
XINGLIN_REGISTER_CSV = env.REGISTER_CSV
XINGLIN_REGISTER_NAME = env.REGISTER_NAME
# Networks that webhooks may go to although they are private, such as "10.20.0.0/16".
XINGLIN_WEBHOOK_NETWORKS: list[str] = env.WEBHOOK_NETWORKS

LOGGING = logging_config(fmt=env.LOG_FORMAT, level=env.LOG_LEVEL)
