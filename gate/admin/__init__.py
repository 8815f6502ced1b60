"""The gate's screens in Wagtail's admin: review desk, configuration, results, audit log, people."""
