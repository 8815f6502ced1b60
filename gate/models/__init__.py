"""Records the gate decides on. Each file holds one family; import models from here."""

from __future__ import annotations

from gate.models.accounts import User

__all__ = ["User"]
