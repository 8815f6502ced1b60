"""One reader's access to zones in the admin: see it, close a zone, open it again."""
