"""The web server: granian in front, whole requests in, whole responses out (docs/adr/0011)."""
