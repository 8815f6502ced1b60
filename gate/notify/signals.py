"""Signals of the gate, for the packages that import it. The gate imports no receiver."""

from __future__ import annotations

from django.dispatch import Signal

# A record of a user, a case, a consent or an admission changed. Sent inside the transaction that changed it.
# Arguments: event (a name of gate.notify.events.EVENTS), ids ({"case": uuid, "user": uuid, …}).
gate_changed = Signal()
