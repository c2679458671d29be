#!/usr/bin/env python
"""Run a management command; without DATABASE_URL it speaks to the embedded database of this folder."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "DATABASE_URL" not in os.environ:
        os.environ.setdefault("PLEIN_EMBEDDED", "1")
    execute_from_command_line(sys.argv)
