"""Base of tables whose rows are evidence: added and never changed.

The model refuses with a helpful message, database triggers (migrations/_append_only.py) refuse for every
other client.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """A row that is evidence was to be changed or deleted."""


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
