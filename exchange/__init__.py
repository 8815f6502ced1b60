"""Import and export of articles in other formats.

exchange imports cms alone; only config, api and frontend_templates may import exchange.
"""
