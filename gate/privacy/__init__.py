"""Personal data: where it is held, how long, its export and its erasure."""
