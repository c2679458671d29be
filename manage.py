#!/usr/bin/env python
"""Run a management command; without DATABASE_URL or .env it speaks to the embedded database of this folder."""

import os
import sys
import warnings
from pathlib import Path

from django.core.management import execute_from_command_line

from config.embedded import command


def main() -> None:
    """Needs the database of the installation: its own, or the embedded one for as long as the command runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    folder = Path(__file__).resolve().parent
    # makemigrations works without a database; Django would warn that it could not ask one
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
    with command.database_for(sys.argv[1:], folder=folder):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
