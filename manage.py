#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    # A process that a command starts reads this file too, and may need no Django.
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allforces.settings")
    execute_from_command_line(sys.argv)
