"""Full-text search over the publication ledger.

Imports `gate` and `cms`; `api` and everything left of it imports this package. The index is never the
authority: it holds copies of ledger rows, and `service.find` checks each hit against the ledger again.
"""
