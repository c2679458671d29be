"""`manage.py export_invoices 2026-12 DIR`: the PDF and both e-invoices of each invoice of a month, as files."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import terminal, wording
from tenants.billing import archiving
from tenants.billing.archiving import ArchivingRefused, Filed
from tenants.billing.models import Invoice
from tenants.billing.querysets import InvoiceQuerySet


class Command(BaseCommand):
    help = "Schrijft de facturen van een maand in een map. / Writes the invoices of a month into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", help="2026-12")
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument(
            "--dry-run", action="store_true", help="laat zien wat er zou gebeuren / show what would happen"
        )
        terminal.add_hub_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(terminal.language()):
            month, folder = _month(options["month"]), Path(options["folder"])
            invoices = archiving.of_month(terminal.hub_named(options["hub"]), month)
            if not invoices.exists():
                raise CommandError(
                    _("No invoices have been issued for %(month)s.") % {"month": options["month"]}
                )
            found = self._each(invoices, archiving.look, folder)
            if options["dry_run"]:
                self._tell(found)
                self.stdout.write(_("Dry run: nothing was written."))
            else:
                self._tell(self._each(invoices, archiving.write, terminal.folder(folder)))

    def _each(self, invoices: InvoiceQuerySet, do: Callable[..., Filed], folder: Path) -> list[Filed]:
        """All of them are looked at before one is written: a clash stops the export as a whole."""
        done, refusals = [], []
        for invoice in archiving.rows(invoices):
            try:
                done.append(do(invoice, folder=folder))
            except ArchivingRefused as refused:
                refusals.append(refused.message)
        if refusals:
            raise CommandError("\n".join(refusals))
        return done

    def _tell(self, done: Sequence[Filed]) -> None:
        for line in _report(done):
            self.stdout.write(line)


def _report(done: Sequence[Filed]) -> Iterator[str]:
    for each in done:
        yield _line(each.invoice, each)
    files, same = sum(each.new for each in done), sum(each.same for each in done)
    total = wording.euro(sum(each.invoice.gross for each in done))
    yield ngettext(
        "%(number)d invoice, %(total)s: %(files)d files new, %(same)d there already.",
        "%(number)d invoices, %(total)s: %(files)d files new, %(same)d there already.",
        len(done),
    ) % {"number": len(done), "total": total, "files": files, "same": same}


def _line(invoice: Invoice, filed: Filed) -> str:
    kinds = (
        _("PDF only: %(why)s") % {"why": filed.without} if filed.without else "PDF, UBL NLCIUS, UBL Peppol"
    )
    return f"{invoice.number}  {wording.euro_column(invoice.gross)}  {invoice.buyer['name']}  {kinds}"


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        words = _("“%(text)s” is not a month. Write it as 2026-12.")
        raise CommandError(words % {"text": text}) from error
