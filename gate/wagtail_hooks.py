"""What the gate adds to Wagtail's admin."""

from __future__ import annotations

from gate.auditing import hooks as _auditing  # noqa: F401 - registers the audit log
from gate.configuring import hooks as _configuring  # noqa: F401 - registers the gate settings
from gate.desk import hooks as _desk  # noqa: F401 - registers the review desk
from gate.people import hooks as _people  # noqa: F401 - guards bulk actions on accounts
from gate.signin import hooks as _signin  # noqa: F401 - links the account page to allauth's pages
