"""User accounts: an e-mail address and a name. What a user may read is never stored here."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.characters import clean_line


class UserManager(BaseUserManager["User"]):
    """Creates accounts and finds them whatever the case of the address."""

    def _create(self, email: str, password: str | None, **extra: Any) -> User:
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=email, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A reader. Without a password the account cannot sign in by password."""
        return self._create(email, password, **{"is_staff": False, "is_superuser": False, **extra})

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """An administrator. Reads no gated text by that alone."""
        return self._create(email, password, **{"is_staff": True, "is_superuser": True, **extra})

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # untyped
    """One user. `email` is in lower case and unique in any case; `uuid` is what leaves the system.

    With `erasure_due_at` the user has asked to be erased then: until they sign in again everything is closed
    to them. With `erased_at` the row is a pseudonym that evidence refers to (gate.privacy.erasure).
    `erasure_requested_at` is when they last asked; a cancellation leaves it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("email address"), unique=True, error_messages={"unique": _("This address already has an account.")}
    )
    display_name = models.CharField(_("name"), max_length=120, blank=True)
    locale = models.CharField(
        _("language"), max_length=12, default=settings.LANGUAGE_CODE, choices=settings.LANGUAGES
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    erasure_requested_at = models.DateTimeField(null=True, editable=False)
    erasure_due_at = models.DateTimeField(null=True, editable=False, db_index=True)
    erased_at = models.DateTimeField(null=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="gate_user_email_ci")]
        # The rule who gives which right, and why one administrator is not enough: gate/people/giving.py.
        permissions = [("appoint_staff", "Can give staff rights that one does not hold")]

    def __str__(self) -> str:
        if self.erased_at is not None:
            return str(_("erased account %(number)s") % {"number": str(self.uuid)[:8]})
        return self.display_name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()
        self.display_name = clean_line(self.display_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def is_closing(self) -> bool:
        """True from the request for erasure on, until it is cancelled."""
        return self.erasure_due_at is not None

    def get_session_auth_hash(self) -> str:
        """Requesting erasure ends every session on every device, as a new password does, and for good."""
        return self._since_request(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return (self._since_request(value) for value in super().get_session_auth_fallback_hash())

    def _since_request(self, value: str) -> str:
        asked = self.erasure_requested_at
        return f"{value}.{asked.timestamp()}" if asked is not None else value

    def get_full_name(self) -> str:
        """The name in Wagtail and in mails; empty when no name was given."""
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name or self.email
