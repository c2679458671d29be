"""The file of direct debits for the bank: pain.008.001.08, without addresses, checked against its XSD.

Unstructured addresses are refused by banks since 15 November 2026; none at all is allowed for payers in the EEA.
The file is made anew each time from the rows of the batch, and is the same each time.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from sepaxml import SepaDD
from sepaxml.validation import ValidationError, try_valid_xml

from tenants.billing.debiting import DebitRefused
from tenants.billing.models import Debit, DebitBatch

SCHEMA = "pain.008.001.08"


def written(batch: DebitBatch) -> bytes:
    """The file of `batch`. Raises DebitRefused when the bank would not take it."""
    hub, debits = batch.hub, list(batch.debits.select_related("receivable").order_by("sequence", "pk"))
    file = SepaDD(
        {
            "name": hub.legal_name, "IBAN": hub.iban.replace(" ", ""), "batch": True, "currency": "EUR",
            "creditor_id": hub.creditor_id, "instrument": batch.scheme,
        },
        schema=SCHEMA,
        clean=True,
    )  # fmt: skip
    for debit in debits:
        file.add_payment(_payment(debit, batch))
    named = _named(file.export(validate=False), batch)
    try:
        try_valid_xml(named, SCHEMA)
    except ValidationError as error:
        raise DebitRefused(
            _("The bank would refuse this file. Look at the names, mandates and accounts in it.")
        ) from error
    return named


def file_name(batch: DebitBatch) -> str:
    """Under which name it is downloaded."""
    return f"{batch.reference}.xml"


def _payment(debit: Debit, batch: DebitBatch) -> dict[str, Any]:
    words = f"{_('Invoice')} {debit.receivable.number} {batch.hub.name}"
    return {
        "name": debit.name, "IBAN": debit.iban, "amount": int(debit.amount * 100), "type": debit.sequence,
        "collection_date": batch.collect_on, "mandate_id": debit.mandate, "mandate_date": debit.mandate_signed_on,
        "description": words[:140], "endtoend_id": debit.end_to_end,
    }  # fmt: skip


def _named(content: bytes, batch: DebitBatch) -> bytes:
    """With our own names and moment in it, instead of those of chance: the bank tells them again on its statement."""
    root = etree.fromstring(content)
    space = {"p": etree.QName(root).namespace}
    _say(root.iterfind(".//p:GrpHdr/p:MsgId", space), batch.reference)
    _say(root.iterfind(".//p:GrpHdr/p:CreDtTm", space), _moment(batch.made_at))
    for payment in root.iterfind(".//p:PmtInf", space):
        sequence = payment.findtext("p:PmtTpInf/p:SeqTp", namespaces=space)
        _say(payment.iterfind("p:PmtInfId", space), f"{batch.reference}-{sequence}")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _say(nodes: Iterable[Any], text: str) -> None:
    for node in nodes:
        node.text = text


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")
