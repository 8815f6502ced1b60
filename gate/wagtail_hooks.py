"""Registers the gate's parts of Wagtail's admin."""

from __future__ import annotations

from gate.admin import hooks as _hooks  # noqa: F401 - registers menus, addresses, policies and guards
