"""`manage.py run_month 2026-12 [--dry-run] [--issue --by E-MAIL] [--hub SLUG]`: the invoices of a month."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from spaces import terminal, wording
from spaces.models import Hub
from tenants.billing import invoicing
from tenants.billing.locking import BooksLocked
from tenants.billing.models import Invoice, InvoiceRun, RunState
from tenants.leases import month_report, month_run
from tenants.parties.models import Role, User

MOST_YEARS = 2


class Command(BaseCommand):
    help = "Berekent de huur en stelt de facturen van een maand voor. / Charges rent and proposes a month's invoices."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", help="de maand, 2026-12 / the month")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )
        parser.add_argument(
            "--issue", action="store_true", help="keur goed en geef nummers uit / approve and number them"
        )
        parser.add_argument(
            "--by", default="", help="wie goedkeurt: e-mailadres / who approves: e-mail address"
        )
        terminal.add_hub_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal.language()), pghistory.context(command="run_month"):
            month, hub = _month(options["month"]), terminal.hub_named(options["hub"])
            if options["dry_run"]:
                self._rehearse(hub, month)
                return
            run = month_run.propose(hub, month=month, now=timezone.now())
            self._tell(month_report.report(run, now=timezone.now()))
            if options["issue"]:
                self._issue(run, options["by"])
            else:
                self.stdout.write(
                    _("Proposed. Approve it on the page Invoices, or here with --issue --by E-MAIL.")
                )

    def _rehearse(self, hub: Hub, month: date) -> None:
        now = timezone.now()
        told = month_run.rehearse(
            hub, month=month, tell=lambda run: month_report.report(run, now=now), now=now
        )
        self._tell(told)
        self.stdout.write(_("Dry run: nothing was stored."))

    def _issue(self, run: InvoiceRun, email: str) -> None:
        if run.state == RunState.PROPOSED and not run.invoices.exists():
            self.stdout.write(_("There is nothing left to issue for this month."))
            return
        try:
            if run.state == RunState.PROPOSED:
                seen = invoicing.fingerprint(invoicing.drafts_of(run))
                invoicing.approve(run, by=_approver(run.hub, email), seen=seen, now=timezone.now())
            while invoice := invoicing.issue_next(run, now=timezone.now()):
                self.stdout.write(_line(invoice))
        except (invoicing.InvoicingRefused, BooksLocked) as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(_("Issued. The PDFs and letters follow by themselves while Plein runs."))

    def _tell(self, lines: list[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def _month(text: str) -> date:
    """Not years away: what is paid in advance would be charged until then."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise CommandError(_("“%(value)s” is not a month. Write it as 2026-12.") % {"value": text}) from error
    if abs(month.year - timezone.localdate().year) > MOST_YEARS:
        raise CommandError(_("%(value)s is years away. Check the year.") % {"value": text})
    return month


def _approver(hub: Hub, email: str) -> User:
    """Invoices are approved by a person: a bookkeeper or director of the hub."""
    roles = (Role.BOOKKEEPER, Role.DIRECTOR)
    found = User.objects.filter(memberships__hub=hub, memberships__role__in=roles, is_active=True)
    person = found.filter(email__iexact=email.strip()).first() if email else None
    if not found.exists():
        words = _("%(hub)s has no bookkeeper yet. Make one: manage.py invite E-MAIL NAME --role bookkeeper")
        raise CommandError(words % {"hub": hub.name})
    if person is None:
        words = _("Say who approves with --by: the e-mail address of a bookkeeper or director of %(hub)s.")
        raise CommandError(words % {"hub": hub.name})
    return person


def _line(invoice: Invoice) -> str:
    return f"  {invoice.number}  {wording.euro_column(invoice.gross)}  {invoice.party.name}"
