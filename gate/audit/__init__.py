"""The audit log: what is recorded beside the acts that record themselves."""
