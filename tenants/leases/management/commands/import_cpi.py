"""`manage.py import_cpi FILE.csv [--dry-run] [--replace]`: load figures of the consumer price index."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces import terminal
from tenants.leases import cpi, tabular
from tenants.leases.cpi import FiguresRefused, Plan
from tenants.leases.tabular import FileRefused


class Command(BaseCommand):
    help = "Leest CPI-cijfers (alle huishoudens) uit een bestand; alles of niets. / Loads CPI figures from a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="het bestand (.csv) / the file")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="vervang ook definitieve cijfers die anders zijn / replace definitive figures that differ too",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"])
        with translation.override(terminal.language()):
            content = terminal.content_of(file, most=tabular.MAX_BYTES)
            try:
                plan = cpi.look(content)
            except FileRefused as refused:
                raise CommandError(f"{file}: {refused.message}") from refused
            for line in cpi.report(plan):
                self.stdout.write(line)
            self._store(content, plan, **options)

    def _store(self, content: bytes, plan: Plan, *, dry_run: bool, replace: bool, **_options: Any) -> None:
        if dry_run and not plan.findings.errors:
            self.stdout.write(_("Dry run: nothing was stored."))
            return
        store = cpi.store_and_replace if replace else cpi.store
        try:
            store(content, agreed=plan.fingerprint, now=timezone.now())
        except FiguresRefused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(_("Stored."))
