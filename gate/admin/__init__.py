"""The gate's screens in Wagtail's admin: review desk, configuration, results, audit log, accounts.

What other packages use of it is named in __init__.pyi.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
