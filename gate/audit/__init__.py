"""The audit log: receivers for acts that do not record themselves."""
