"""PDFs that belong to a lease: checked when they come in, kept as they are, only ever handed out as a download."""

import hashlib
import io
import re
import unicodedata
import zipfile
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.leases.models import Lease, LeaseDocument
from tenants.parties.models import User

MAX_BYTES = 10 * 1024 * 1024
_BEGINS = re.compile(rb"%PDF-[12]\.[0-9][\r\n \t%]")
_ENDS = re.compile(rb"startxref\s+[0-9]+\s+%%EOF[\s\x00]*\Z")
"""Where every program that reads a PDF begins; behind it nothing may hang that another program would read."""
_TAIL = 1024


class DocumentRefused(Exception):
    """The file is not taken; `message` says why and what to do."""

    @property
    def message(self) -> str:
        return str(self.args[0])


def add(lease: Lease, content: bytes, *, name: str, by: User, now: datetime) -> LeaseDocument:
    """Keep a PDF with `lease`; the same one again is the one that is there. Raises DocumentRefused."""
    raise_if_no_pdf(content)
    digest = hashlib.sha256(content).hexdigest()
    fields = {"name": file_name(name), "content": content, "uploaded_by": by, "uploaded_at": now}
    with transaction.atomic(durable=True):
        made, _new = LeaseDocument.objects.get_or_create(lease=lease, sha256=digest, defaults=fields)
    return made


def raise_if_no_pdf(content: bytes) -> None:
    """Refuse what is no PDF from its first byte to its last, is too large, or is something else as well."""
    if len(content) > MAX_BYTES:
        raise DocumentRefused(_("This file is larger than 10 MB. Save it smaller, or split it."))
    if not _BEGINS.match(content):
        raise DocumentRefused(
            _("This is not a PDF. Save or scan the document as a PDF and choose that file.")
        )
    if not _ENDS.search(content[-_TAIL:]):
        raise DocumentRefused(
            _("This PDF is damaged or has something behind it. Print it to a new PDF and try again.")
        )
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise DocumentRefused(
            _("This file is a PDF and an archive at once. Print it to a new PDF and try again.")
        )


def file_name(name: str) -> str:
    """A name that is safe on every computer: without folders, control characters or marks that turn text around."""
    plain = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    kept = "".join(letter for letter in plain if letter.isprintable() and letter not in '<>:"|?*')
    stem = re.sub(r"(?i)(\.pdf)+\s*$", "", kept).strip(" .")[:120]
    return f"{stem or 'document'}.pdf"
