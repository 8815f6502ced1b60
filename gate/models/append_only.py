"""Rows that are evidence: they are added and never changed.

The model refuses for a friendly message, database triggers (migrations/_append_only.py) refuse for everybody
else.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is evidence."""


def _refuse(what: str) -> NoReturn:
    raise AppendOnlyError(f"{what} is append-only")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A queryset that reads and adds."""

    def update(self, **kwargs: Any) -> NoReturn:
        _refuse(self.model.__name__)

    def delete(self) -> NoReturn:
        _refuse(self.model.__name__)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(self.model.__name__)


class AppendOnlyModel(models.Model):
    """A row that can be saved once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(type(self).__name__)
