"""`manage.py import_open_items FILE.csv [--dry-run] [--hub SLUG]`: take the open items of the old books over."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces import terminal
from spaces.models import Hub
from tenants.leases import tabular
from tenants.leases.open_items import taking_over
from tenants.leases.open_items.taking_over import HasErrors, OpenItemsRefused, Takeover


class Command(BaseCommand):
    help = "Neemt openstaande posten uit de oude boeken over; alles of niets. / Takes open items over; all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="de lijst (.csv) / the list")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )
        terminal.add_hub_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"])
        with (
            translation.override(terminal.language()),
            pghistory.context(command="import_open_items", file=file.name),
        ):
            content = terminal.content_of(file, most=tabular.MAX_BYTES)
            plan = self._plan(file, content, terminal.hub_named(options["hub"]), dry_run=options["dry_run"])
            for line in taking_over.report(plan):
                self.stdout.write(line)
            if not plan.can_be_stored:
                raise CommandError(_("There are errors in the list. Nothing was stored."))
            self.stdout.write(_("Dry run: nothing was stored.") if options["dry_run"] else _("Stored."))

    def _plan(self, file: Path, content: bytes, hub: Hub, *, dry_run: bool) -> Takeover:
        try:
            if dry_run:
                return taking_over.look(content, hub=hub)
            return taking_over.store(content, hub=hub, now=timezone.now())
        except HasErrors as refused:
            return refused.plan
        except OpenItemsRefused as refused:
            raise CommandError(f"{file}: {refused.message}") from refused
