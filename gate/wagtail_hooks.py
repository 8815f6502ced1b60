"""What the gate adds to Wagtail's admin."""

from __future__ import annotations

from gate.admin.audit import hooks as _audit  # noqa: F401 - registers the audit log
from gate.admin.configuring import hooks as _configuring  # noqa: F401 - registers the gate settings
from gate.admin.desk import hooks as _desk  # noqa: F401 - registers the review desk
from gate.admin.people import hooks as _people  # noqa: F401 - guards bulk actions on accounts
from gate.admin.people import signin_hooks as _signin  # noqa: F401 - links the account page to allauth's pages
