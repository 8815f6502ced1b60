"""Signals of cms, for the packages that import it and between its own modules.

publication_recorded: a row was appended to the ledger. Sent inside the transaction that appended it, so that
a receiver's row commits together with it; a receiver that raises rolls the page back too.
sender=Publication, publication: Publication.
page_saved: the row of a zone or article was written, inside its transaction. sender=the page class,
instance: the page, before: dict of the zone's former values, None for a new page.
"""

from __future__ import annotations

from django.dispatch import Signal

publication_recorded = Signal()
page_saved = Signal()
