"""Credentials: reading uploads, storing them sealed, showing them."""
