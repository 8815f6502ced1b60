"""Accounts, grants and rights: who has which, who may give them, and signing in.

What other packages use of it is named in __init__.pyi.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
