"""Accounts: user model, sign-in, second factor, and their limits. Part of `base`."""

from __future__ import annotations

from datetime import timedelta

from config import env

AUTH_USER_MODEL = "gate.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# The anonymous reader holds no grants, so guardian needs no row for them.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_ADAPTER = "gate.people.signin.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "gate.people.signin.forms.RegistrationForm",
    "change_password": "gate.people.signin.forms.PasswordChangeForm",
}
# An address counts when it is confirmed; before that there is no session.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
IDP_OIDC_ADAPTER = "api.oidc.XinglinOIDCAdapter"
# The API documentation signs readers in under a client of its own.
XINGLIN_API_DOCS_SIGN_IN = env.API_DOCS_SIGN_IN
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = env.REFRESH_TOKEN_DAYS * 24 * 3600
# Two tabs that refresh at the same moment both succeed; after this time a token used twice ends its family.
XINGLIN_REFRESH_TOKEN_GRACE = env.REFRESH_TOKEN_GRACE  # seconds

MFA_ADAPTER = "gate.people.signin.secrets.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "gate.people.signin.forms.CodeForm",
    "reauthenticate": "gate.people.signin.forms.CodeAgainForm",
}
# For staff with rights over others (gate.people.signin.second_factor): "required", "offered" or "off".
XINGLIN_SECOND_FACTOR = env.SECOND_FACTOR or "required"

# The one lock on guesses, of passwords and codes, wherever they are typed (gate.people.signin.lock).
AXES_FAILURE_LIMIT = env.SIGNIN_ATTEMPTS
AXES_COOLOFF_TIME = timedelta(minutes=env.SIGNIN_LOCK_MINUTES)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "gate.people.signin.lock.attempts_key"
AXES_CLIENT_IP_CALLABLE = "gate.people.client_addresses.limited_address"
AXES_LOCKOUT_CALLABLE = "frontend_templates.views.errors.locked"
AXES_RESET_ON_SUCCESS = True
# Attempts during the pause do not prolong it, so the wait that the page names is true.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# Beside the password, which axes leaves out of its records by itself.
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "login",
    "email",
    "code",
    "next",
    "csrfmiddlewaretoken",
]
XINGLIN_MAILS_PER_PERSON = env.MAILS_PER_PERSON
XINGLIN_MAILS_PER_ADDRESS = env.MAILS_PER_ADDRESS
# allauth's own limits on guesses are off, so that one limit holds. These are on mails and registrations: for
# each mailbox ("key") and from each client address ("ip").
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reauthenticate": None,
    "change_password": None,
    "reset_password": f"{XINGLIN_MAILS_PER_PERSON}/h/key,{XINGLIN_MAILS_PER_ADDRESS}/h/ip",
    "confirm_email": f"1/10s/key,{XINGLIN_MAILS_PER_PERSON}/h/key,{XINGLIN_MAILS_PER_ADDRESS}/h/ip",
    "signup": f"{XINGLIN_MAILS_PER_ADDRESS}/h/ip",
}
