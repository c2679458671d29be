"""`manage.py export_books FROM UNTIL DIR`: the journal, the audit file and the VAT of a period as files."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces import terminal, wording
from tenants.billing.books import exporting
from tenants.billing.books.exporting import Export


class Command(BaseCommand):
    help = "Schrijft de boeken van een periode in een map. / Writes the books of a period into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first", metavar="FROM", help="2026-01-01")
        parser.add_argument("last", metavar="UNTIL", help="2026-12-31")
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )
        terminal.add_hub_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal.language()):
            first, last = (_day(options[name]) for name in ("first", "last"))
            hub = terminal.hub_named(options["hub"])
            try:
                export = exporting.prepare(hub, first=first, last=last, today=timezone.localdate())
            except exporting.ExportRefused as refusal:
                raise CommandError(refusal.message) from refusal
            self._report(export)
            if options["dry_run"]:
                self.stdout.write(_("Dry run: nothing was written."))
            else:
                self._write(export, terminal.folder(Path(options["folder"])))

    def _report(self, export: Export) -> None:
        for line in export.report():
            self.stdout.write(line)

    def _write(self, export: Export, folder: Path) -> None:
        for name, content in export.files.items():
            try:
                (folder / name).write_bytes(content)
            except OSError as error:
                words = _("%(file)s cannot be written: %(reason)s.")
                reason = error.strerror or type(error).__name__
                raise CommandError(words % {"file": folder / name, "reason": reason}) from error
            self.stdout.write(f"{folder / name}  {wording.number(len(content))} bytes")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("“%(text)s” is not a day. Write it as 2026-12-31.") % {"text": text}) from error
