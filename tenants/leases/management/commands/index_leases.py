"""`manage.py index_leases DATE [--dry-run] [--hub SLUG]`: index the rents of which that is the day."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces import terminal
from tenants.leases.indexing import applying, proposing, telling
from tenants.leases.indexing.applying import Back, Wish
from tenants.leases.indexing.proposing import Proposal
from tenants.leases.indexing.refusals import IndexRefused

MOST_YEARS = 10
"""From today: rent is not indexed further back, nor agreed so far ahead."""


class Command(BaseCommand):
    help = "Indexeert de huren waarvan dit de dag is. / Indexes the rents of which this is the day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", help="de dag waarop de huur verandert, 2027-01-01 / the change date")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )
        parser.add_argument(
            "--back-payment",
            choices=[Back.ASKED.value, Back.NOT_ASKED.value],
            default="",
            help="vraag het verschil van maanden die al berekend zijn, of niet / ask months charged before, or not",
        )
        parser.add_argument(
            "--base", default="", help="de basis als er twee zijn, 2025=100 / the base of two"
        )
        terminal.add_hub_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal.language()), pghistory.context(command="index_leases"):
            on, hub, now = _day(options["date"]), terminal.hub_named(options["hub"]), timezone.now()
            try:
                proposal = proposing.propose(hub, on=on, base=options["base"], now=now)
                for line in telling.report(proposal):
                    self.stdout.write(line)
                if options["dry_run"]:
                    self.stdout.write(_("Dry run: nothing was stored."))
                    return
                self._apply(proposal, Wish(Back(options["back_payment"]), options["base"]))
            except IndexRefused as refused:
                raise CommandError(refused.message) from refused

    def _apply(self, proposal: Proposal, wish: Wish) -> None:
        seen = {row.lease.pk: row.seen for row in proposal.ready}
        if proposal.is_late and not wish.back:
            raise CommandError(
                _(
                    "Months after this day have been charged already. "
                    "Say --back-payment asked, or --back-payment not_asked."
                )
            )
        made = applying.apply(proposal.hub, on=proposal.on, seen=seen, wish=wish, by=None, now=timezone.now())
        self.stdout.write(_("Indexed: %(count)d.") % {"count": len(made)})
        if proposal.missing:
            raise CommandError(_("Some rents could not be indexed; see above what is missing."))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            _("“%(value)s” is not a date. Write it as 2027-01-01.") % {"value": text}
        ) from error
    if abs(day.year - timezone.localdate().year) > MOST_YEARS:
        raise CommandError(_("%(value)s is years away. Check the year.") % {"value": text})
    return day
