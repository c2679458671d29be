"""`manage.py import_bank FILE [--dry-run] [--hub SLUG]`: read a bank statement (camt.053); one line an entry."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces import terminal
from tenants.billing.banking import importing, xml
from tenants.billing.banking.refusals import StatementRefused


class Command(BaseCommand):
    help = (
        "Leest een bankafschrift (camt.053) in; één regel per bij- of afschrijving. / "
        "Reads a bank statement in; one line an entry."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="het afschrift (.xml) / the statement")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )
        terminal.add_hub_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal.language()):
            hub, file = terminal.hub_named(options["hub"]), Path(options["file"])
            content = terminal.content_of(file, most=xml.MAX_BYTES)
            read = importing.look if options["dry_run"] else importing.store
            try:
                found = read(content, hub=hub, now=timezone.now())
            except StatementRefused as refused:
                raise CommandError(f"{file}: {refused.message}") from refused
            for line in found.lines:
                self.stdout.write(line)
            if options["dry_run"]:
                self.stderr.write(_("Dry run: nothing was stored."))
