"""The audit log in the admin: search, filter, export. Nothing here can change a row."""
