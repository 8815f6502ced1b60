"""Wagtail pages, articles, contributors, pictures, and the ledger of published states.

Imports point one way: cms may import Wagtail and nothing of this repository. Other packages are notified
only by the signals of cms.signals. The only writer of the ledger is cms.publishing.
"""
