"""Accounts in the admin: Wagtail's screens over our user model, without ways to raise one's own rights.

No user changes their own roles, only administrators change administrators, and no user is deleted: their
consents are evidence. An account is deactivated.
"""
