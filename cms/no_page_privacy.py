"""Switches Wagtail's privacy settings off: access is the gate's decision alone (docs/adr/0003).

Their changes bypass revisions and the ledger, so a "private" page would still be served. The admin's
controls are replaced by templates of ours; this module refuses every other way to set them.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _
from wagtail.models import CollectionViewRestriction, PageViewRestriction


def connect() -> None:
    for model in (PageViewRestriction, CollectionViewRestriction):
        pre_save.connect(refuse, sender=model, dispatch_uid=f"cms.no_privacy.{model.__name__}")


def refuse(**kwargs: Any) -> None:
    raise PermissionDenied(
        _("Who may read is set by the audience of the zone or article, not by privacy settings.")
    )
