"""The demo: deterministic, in Chinese of our own writing; built by `manage.py seed_demo`."""
