"""Decoding untrusted files: in a process of its own with limits, never in a server's thread.

process.run() is the only door. `child`, `pixels` and `pages` run in that process and import neither Django
nor anything else of this project.
"""
