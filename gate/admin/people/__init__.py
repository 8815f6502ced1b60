"""Accounts in the admin: Wagtail's screens over our user model, without ways to climb.

Nobody changes their own roles, only administrators touch administrators, and nobody is deleted: their
consents are evidence. An account is deactivated.
"""
