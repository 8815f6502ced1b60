"""News of the gate for the packages to its left. The gate sends them and knows nobody who listens."""

from __future__ import annotations

from django.dispatch import Signal

# Something about a person, a request, a consent or an admission changed. Sent inside the transaction that
# changed it. Arguments: event (a name of gate.notify.events.EVENTS), ids ({"case": uuid, "user": uuid, …}).
gate_changed = Signal()
