"""WHAT exists: pages, articles, people, pictures, and the ledger of what was published.

Imports point one way: cms may import Wagtail and nothing of this repository. News travels left only as the
signals of cms.signals. The only writer of the ledger is cms.publishing.
"""
