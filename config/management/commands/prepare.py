"""`manage.py prepare`: everything between an empty or older database and an installation that can serve."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from config import preparing
from config.wording import in_words


class Command(BaseCommand):
    help = (
        "Brings the tables up to date, makes the cache table and the broker's, and collects the static files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", type=Path, metavar="FILE", help="load the LOC+ hub; write its logins to FILE"
        )

    def handle(self, *args: Any, demo: Path | None, **options: Any) -> None:
        if demo is not None and not settings.PLEIN_EMBEDDED:
            raise CommandError(
                in_words(
                    "--demo zet voorbeelden met bekende wachtwoorden neer: alleen voor 'make run'.",
                    "--demo puts examples with well-known passwords there: for 'make run' only.",
                )
            )
        try:
            preparing.installation()
            if demo is not None:
                demo.write_text(json.dumps(preparing.demo()), encoding="utf-8")
        except (OperationalError, OSError) as fault:
            raise CommandError(explained(str(fault))) from fault


def explained(fault: str) -> str:
    """What the database or the system said, with what to do when that is known."""
    if "No space left" not in fault:
        return fault
    way_out = in_words(
        "De schijf is vol. Maak ruimte (minstens 500 MB) en begin opnieuw.",
        "The disk is full. Make room (500 MB at least) and start again.",
    )
    return f"{fault}\n{way_out}"
