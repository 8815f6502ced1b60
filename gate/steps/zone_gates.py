"""Each zone has its gate from the moment it is saved."""

from __future__ import annotations

from typing import Any

from cms.models import ZonePage
from gate.models import ZoneGate


def keep_gate(sender: type, instance: Any, **kwargs: Any) -> None:
    """Receiver of cms.signals.page_saved, inside the page's transaction."""
    if isinstance(instance, ZonePage):
        ZoneGate.objects.get_or_create(zone_id=instance.pk)
