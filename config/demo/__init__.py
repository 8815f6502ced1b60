"""The demo: deterministic, in Chinese of our own writing. `manage.py seed_demo` builds it; nothing else imports it."""
