"""What reading, deciding and searching cost on this machine: `make bench`. Numbers, not tests."""
