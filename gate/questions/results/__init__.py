"""Readers' answers, for staff: pseudonymous, never a name."""
