"""The API: one module per resource of `/api/v1/`, each a pure builder with a thin view over it.

Imports point right: api → search → gate → cms. A builder takes the reader's access
(`gate.decision.access.Access`) and returns a response (status, body, caching); the DRF views and the reader
site send the same responses. No module here decides who may read: they ask `gate.decision.access`.
"""
