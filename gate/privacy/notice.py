"""Texts about erasure for users: what is deleted, what stays and why. The same in mails, site and API."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ERASED: tuple[str | Promise, ...] = (
    _("your name, e-mail addresses and password, and every way to sign in"),
    _("the pictures of your credentials"),
    _("the name, licence number, institution and title in your verifications, and what reviewers wrote"),
    _("your answers, your admissions and the rights given to you"),
)
KEPT: tuple[str | Promise, ...] = (
    _("what you agreed to, refused or withdrew, and when: the law asks us to be able to prove it"),
    _("that your verifications were decided, when and by which reviewer: so that decisions stay answerable"),
    _("a keyed hash of each credential file, from which nothing can be read"),
    _("who looked at your data and when: the record of access is kept for its own term"),
)
UNDER_A_NUMBER = _("What is kept stands under a random number. Nothing leads from it back to you.")
