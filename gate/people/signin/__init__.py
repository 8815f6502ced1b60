"""Signing in through django-allauth, for readers and staff: one lock on guesses, one limit on mails.

What allauth and django-axes leave to a product is here; the screens are in frontend_templates.
"""
