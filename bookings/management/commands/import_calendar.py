"""`manage.py import_calendar FILE.ics --space B01 [--hub locplus] [--store]`: an outside calendar as taken time."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bookings.calendar_import import pending, planning, storing, telling
from bookings.calendar_import.refusals import CalendarRefused
from bookings.calendar_import.sieving import MAX_BYTES
from spaces import terminal
from spaces.models import Space


class Command(BaseCommand):
    help = (
        "Leest de agenda (.ics) van een ruimte in; zonder --store alleen kijken. / "
        "Reads in the calendar (.ics) of a room; without --store it only looks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="de agenda (.ics) / the calendar")
        parser.add_argument("--space", required=True, help="code van de ruimte / code of the room")
        terminal.add_hub_argument(parser)
        parser.add_argument("--store", action="store_true", help="ook opslaan / store it too")

    def handle(self, *args: Any, **options: Any) -> None:
        file = Path(options["file"])
        with (
            translation.override(terminal.language()),
            pghistory.context(command="import_calendar", file=file.name),
        ):
            space = _space(options["space"], hub=options["hub"])
            with timezone.override(space.hub.zone):
                self._import(file, space, is_stored=options["store"])

    def _import(self, file: Path, space: Space, *, is_stored: bool) -> None:
        now = timezone.now()
        try:
            reading = pending.read(terminal.content_of(file, most=MAX_BYTES), space=space, now=now)
            plan = (storing.store if is_stored else planning.plan)(space, reading, now=now)
        except CalendarRefused as refused:
            raise CommandError(f"{file}: {refused.message}") from refused
        for line in telling.report(plan):
            self.stdout.write(line)
        self.stdout.write(_("Stored.") if is_stored else _("Dry run: nothing was stored."))


def _space(code: str, *, hub: str) -> Space:
    found = Space.objects.filter(hub=terminal.hub_named(hub), code=code).select_related("hub").first()
    if found is None:
        raise CommandError(_("There is no room %(code)s in this hub.") % {"code": code})
    return found
