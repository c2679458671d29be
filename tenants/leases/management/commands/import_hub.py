"""`manage.py import_hub FILE.xlsx [--dry-run]`: read a hub from its director's workbook."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

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
            translation.override(_language()),
            pghistory.context(command="import_hub", file=Path(options["file"]).name),
        ):
            self._import(Path(options["file"]), dry_run=options["dry_run"])

    def _import(self, file: Path, *, dry_run: bool) -> None:
        now = timezone.now()
        try:
            content = _content(file)
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


def _content(file: Path) -> bytes:
    if file.is_dir():
        raise CommandError(_("%(file)s is a folder. Name the workbook (.xlsx) in it.") % {"file": file})
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise CommandError(
            _("%(file)s does not exist. Check the name and the folder.") % {"file": file}
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": reason}
        ) from error


def _language() -> str:
    """Dutch, unless the terminal speaks English."""
    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "en" if spoken.lower().startswith("en") else "nl"
