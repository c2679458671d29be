"""`manage.py import_hub FILE.xlsx [--dry-run]`: read a hub from its director's workbook."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces import terminal
from tenants.leases.hub_import import importing, telling
from tenants.leases.hub_import.plan import Plan
from tenants.leases.hub_import.refusals import HasErrors, ImportRefused
from tenants.leases.hub_import.workbook import MAX_BYTES


class Command(BaseCommand):
    help = "Leest een hub uit de werkmap van de directeur; alles of niets. / Reads a hub from its director's workbook."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="de werkmap (.xlsx) / the workbook")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with (
            translation.override(terminal.language()),
            pghistory.context(command="import_hub", file=Path(options["file"]).name),
        ):
            self._import(Path(options["file"]), dry_run=options["dry_run"])

    def _import(self, file: Path, *, dry_run: bool) -> None:
        now = timezone.now()
        try:
            content = terminal.content_of(file, most=MAX_BYTES)
            plan = importing.look(content, now=now) if dry_run else importing.store(content, now=now)
        except HasErrors as refused:
            plan = refused.plan
        except ImportRefused as refused:
            raise CommandError(f"{file}: {refused.message}") from refused
        self._tell(plan)
        if plan.findings.errors:
            raise CommandError(_("There are errors in the workbook. Nothing was stored."))
        self.stdout.write(_("Dry run: nothing was stored.") if dry_run else _("Stored."))

    def _tell(self, plan: Plan) -> None:
        for line in telling.report(plan):
            self.stdout.write(line)
