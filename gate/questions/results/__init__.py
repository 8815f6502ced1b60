"""What readers answered, for staff: pseudonymous, never a name."""
