"""SPEAK it: one module per resource of `/api/v1/`, each a pure builder with a thin view over it.

Imports point right: api → search → gate → cms. A builder takes what the reader may see
(`gate.decision.access.Access`) and gives an `Answer` (status, body, caching); the DRF views and the reader
site send the same answers. No module here decides who may read: they ask `gate.decision.access`.
"""
