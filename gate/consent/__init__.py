"""Agreements and consents: published texts, what users decided on them, receipts."""
