"""Articles into the system from other formats, and out of it.

exchange imports cms alone; only config, api and frontend_templates may import exchange.
"""
