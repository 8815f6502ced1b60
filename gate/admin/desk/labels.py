"""Labels of the fields of a verification at the desk."""

from __future__ import annotations

from django.db.models import Field

from gate.models import Verification


def label_of(name: str) -> str:
    """The field's own label, in the active language."""
    field = Verification._meta.get_field(name)
    return str(field.verbose_name) if isinstance(field, Field) else name
