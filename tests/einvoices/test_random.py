"""Random invoices and credit notes: their e-invoices break no rule, and their cents are those of the invoice."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tenants.billing import crediting, einvoice
from tenants.billing.charging import Owed
from tenants.billing.crediting import Part
from tenants.billing.models import Invoice
from tests import cast
from tests.einvoices import judge, making
from tests.einvoices.dutch_rules import NS

pytestmark = pytest.mark.django_db(transaction=True)
AT_RANDOM = {
    "deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "database": None,
}  # fmt: skip
CASE = given(
    st.lists(making.lines(), min_size=1, max_size=8),
    making.parties(),
    st.lists(st.integers(0, 100), max_size=3),
)


@settings(max_examples=20, **AT_RANDOM)
@CASE
def test_e_invoices_at_random(lines: Sequence[Owed], facts: dict[str, Any], shares: list[int]) -> None:
    _check(lines, facts, shares)


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=1000, **AT_RANDOM | {"derandomize": False})
@CASE
def test_many_e_invoices_at_random(lines: Sequence[Owed], facts: dict[str, Any], shares: list[int]) -> None:
    _check(lines, facts, shares)


def _check(lines: Sequence[Owed], facts: dict[str, Any], shares: list[int]) -> None:
    """The invoice, a credit note for each share (in percent) of each line, and one of what is left."""
    hub = making.Hub.objects.first() or making.hub()
    facts = facts | {"kvk": facts["kvk"] if not hub.parties.filter(kvk=facts["kvk"]).exists() else ""}
    invoice = making.issued(making.party(hub, **facts | {"oin": making.OIN}), *lines)
    _judge(invoice)
    for note in _credits(invoice, shares):
        _judge(note)


def _credits(invoice: Invoice, shares: list[int]) -> list[Invoice]:
    clerk = cast.staff(invoice.hub, "bookkeeper", name=f"bij {invoice.number}")
    notes = []
    for share in [*shares, 100]:
        parts = [
            Part(left.line, making.euro(left.net * share / 100))
            for left in crediting.lines_left(invoice)
            if left.can_be_credited
        ]
        try:
            chosen = [part for part in parts if part.net]
            notes.append(
                crediting.credit(invoice, lines=chosen, reason="te veel", by=clerk, now=making.DECEMBER_1)
            )
        except crediting.CreditRefused:
            continue
    return notes


def _judge(invoice: Invoice) -> None:
    for profile in einvoice.PROFILES.values():
        content = einvoice.ubl(invoice, profile)
        assert judge.errors(content) == []
        assert content == einvoice.ubl(Invoice.objects.get(pk=invoice.pk), profile)
    tree = etree.fromstring(content)
    sign = -1 if etree.QName(tree).localname == "CreditNote" else 1
    assert _said(tree, "cac:LegalMonetaryTotal/cbc:PayableAmount", sign) == [invoice.gross]
    assert _said(tree, "cac:TaxTotal/cbc:TaxAmount", sign) == [invoice.vat]
    rows = list(invoice.vat_lines.all())
    assert _said(tree, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount", sign) == [row.vat for row in rows]
    assert _said(tree, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount", sign) == [row.net for row in rows]
    nets = [
        *_said(tree, "cac:InvoiceLine/cbc:LineExtensionAmount", sign),
        *_said(tree, "cac:CreditNoteLine/cbc:LineExtensionAmount", sign),
    ]
    assert nets == [line.net for line in invoice.lines.all()]


def _said(tree: Any, path: str, sign: int) -> list[Decimal]:
    return [sign * Decimal(found.text) for found in tree.findall(path, NS)]
