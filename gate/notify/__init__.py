"""Notifications: events, mails and their outbox, signals to other packages."""
