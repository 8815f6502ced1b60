"""Every Wagtail action on a page in one transaction.

Wagtail's views, its bulk actions, its workflows, publish_scheduled and the page's own methods all end in an
action's execute(), but most of them open no transaction. The page and its publication commit together or not
at all, so execute() opens one for every caller (docs/adr/0001-publication-ledger.md).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.db import transaction
from wagtail import actions
from wagtail.actions.base import BaseAction
from wagtail.models import Page

from cms.models import LedgerHead

_DONE = "_xinglin_atomic"


def action_classes() -> list[type[BaseAction]]:
    """All actions that Wagtail ships, bases first."""
    found = [getattr(actions, name) for name in actions.__all__]
    shipped = {cls for cls in found if isinstance(cls, type) and issubclass(cls, BaseAction)}
    with_bases = {base for cls in shipped for base in cls.__mro__ if issubclass(base, BaseAction)}
    return sorted(with_bases - {BaseAction}, key=lambda cls: len(cls.__mro__))


def make_page_actions_atomic() -> None:
    for cls in action_classes():
        execute = vars(cls).get("execute")
        if execute is not None and not getattr(execute, _DONE, False):
            cls.execute = _atomic(execute)


def _atomic(execute: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(execute)
    def wrapped(self: BaseAction, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            if isinstance(self.instance, Page):
                # Every writer takes this lock first, so two of them never wait for each other's rows.
                LedgerHead.lock()
            return execute(self, *args, **kwargs)

    setattr(wrapped, _DONE, True)
    return wrapped
