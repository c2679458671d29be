"""The files of many invoices: paper and e-invoices by name, as a zip, or written into a folder."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from django.db.models import Q
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.billing import documents, einvoice, naming
from tenants.billing.einvoice import Profile
from tenants.billing.models import Invoice
from tenants.billing.querysets import InvoiceQuerySet

BOTH = (einvoice.NLCIUS, einvoice.PEPPOL)
IN_MEMORY = 8 * 1024 * 1024
"""A larger zip is kept on disk while it is sent."""
CHUNK = 50


class ArchivingRefused(Exception):
    """The files cannot be written; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Filed:
    """What became of an invoice: files written now, files that were there already with the same content, why no XML."""

    invoice: Invoice
    new: int
    same: int
    without: str = ""


def of_month(hub: Hub, month: date) -> InvoiceQuerySet:
    """The invoices of the month's run, whenever they were issued, and the credit notes made in that month.

    `month` is its first day.
    """
    alone = Q(run__isnull=True, issued_on__year=month.year, issued_on__month=month.month)
    return hub.invoices.issued().filter(Q(run__month=month) | alone).order_by("number")


def files(invoice: Invoice, *, profiles: Iterable[Profile] = BOTH) -> Iterator[tuple[str, bytes]]:
    """Name and content of the paper, and of its e-invoice in each of `profiles` when it can have one."""
    yield naming.pdf_name(invoice), documents.paper(invoice)
    yield from xml_files(invoice, profiles=profiles)


def xml_files(invoice: Invoice, *, profiles: Iterable[Profile] = BOTH) -> Iterator[tuple[str, bytes]]:
    """The e-invoices alone; nothing when there can be none."""
    if not einvoice.obstacles(invoice):
        for profile in profiles:
            yield naming.xml_name(invoice, profile.name), einvoice.ubl(invoice, profile)


def e_invoices(hub: Hub, *, first: date, last: date) -> Iterator[tuple[str, bytes]]:
    """One e-invoice (NLCIUS) of each invoice issued from `first` to `last`, both included, that can have one."""
    issued = hub.invoices.issued().filter(issued_on__range=(first, last)).order_by("number")
    for invoice in rows(issued):
        if content := documents.xml(invoice):
            yield naming.xml_name(invoice), content


def zipped(found: Iterable[tuple[str, bytes]]) -> IO[bytes]:
    """These files as one zip, open at its beginning; the same files give the same bytes."""
    spool = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer to the request closes it
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    spool.seek(0)
    return spool


def rows(invoices: InvoiceQuerySet) -> Iterator[Invoice]:
    """The invoices with all that their files need, some at a time."""
    ready = invoices.select_related("hub", "party").prefetch_related("lines", "vat_lines")
    return ready.iterator(chunk_size=CHUNK)


def write(invoice: Invoice, *, folder: Path) -> Filed:
    """Write the files of `invoice` into `folder`. What is there already and the same stays; a second call does nothing.

    Raises ArchivingRefused when a file of that name says something else, or the folder does not take it.
    """
    found = list(files(invoice))
    new = [(name, content) for name, content in found if not _is_there(folder / name, content)]
    for name, content in new:
        _write(folder / name, content)
    return _filed(invoice, len(new), len(found))


def look(invoice: Invoice, *, folder: Path) -> Filed:
    """What `write` would do, and raise; writes nothing."""
    found = list(files(invoice))
    return _filed(invoice, sum(not _is_there(folder / name, content) for name, content in found), len(found))


def _filed(invoice: Invoice, new: int, count: int) -> Filed:
    return Filed(invoice, new, count - new, " ".join(einvoice.obstacles(invoice)))


def _is_there(path: Path, content: bytes) -> bool:
    try:
        if not path.exists():
            return False
        same = path.read_bytes() == content
    except OSError as error:
        raise _refused(path, error) from error
    if not same:
        words = _(
            "%(file)s is there already and says something else. Choose an empty folder; nothing is overwritten."
        )
        raise ArchivingRefused(words % {"file": path})
    return True


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a file that was cut off would never be overwritten later."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> ArchivingRefused:
    words = _("%(file)s cannot be written: %(reason)s. Choose another folder.")
    return ArchivingRefused(words % {"file": path, "reason": error.strerror or type(error).__name__})
