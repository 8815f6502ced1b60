"""Accounts, grants and rights: who holds which, who may give them, and signing in."""
