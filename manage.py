#!/usr/bin/env python
"""Django's command line for Xinglin; the local profile unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        hint = "See .env.example."
        sys.exit(f"SystemCheckError: the settings cannot be read.\n\n(xinglin.E000) {error}\n\tHINT: {hint}")


if __name__ == "__main__":
    main()
