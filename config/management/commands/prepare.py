"""`manage.py prepare`: everything between an empty or older database and an installation that can serve."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config import preparing


class Command(BaseCommand):
    help = (
        "Brings the tables up to date, makes the cache table and the broker's, and collects the static files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", type=Path, metavar="FILE", help="load the LOC+ hub; write its logins to FILE"
        )

    def handle(self, *args: Any, demo: Path | None, **options: Any) -> None:
        preparing.installation()
        if demo is not None:
            demo.write_text(json.dumps(preparing.demo()), encoding="utf-8")
