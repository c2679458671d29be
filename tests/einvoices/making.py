"""Issued invoices to write as e-invoices: by hand, and at random."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st

from spaces.explaining import sentence
from spaces.models import Hub
from spaces.money import euro
from tenants.billing import crediting, invoicing
from tenants.billing.charging import Owed
from tenants.billing.crediting import Part
from tenants.billing.models import Invoice
from tenants.parties.models import Party, User
from tests.billing import books
from tests.billing.books import DECEMBER_1, owed

ORACLE_4 = [
    *[owed("27.50")] * 4,
    *[owed("42.50", vat=21)] * 2,
    owed("1.75", vat=9, quantity=11, unit="piece"),
]
KVK = "00018101"
OIN = "00000001991000201000"


def hub(slug: str = "locplus", **fields: Any) -> Hub:
    """A hub that may invoice and collect by direct debit."""
    return books.hub(slug, creditor_id="NL00ZZZ000180120000", **fields)


def party(hub: Hub, name: str = "Fysiotherapie N. de Boer", **fields: Any) -> Party:
    """A party that can get an e-invoice."""
    return books.party(hub, name, **{"kvk": KVK} | fields)


def ggd(hub: Hub, **fields: Any) -> Party:
    """A public body with its OIN and an order number."""
    return party(hub, "GGD IJsselland", **{"oin": OIN, "purchase_reference": "PO 12-345"} | fields)


def issued(party: Party, *lines: Owed, source: str = "") -> Invoice:
    """Everything the party owes, and these lines, on an issued invoice of November."""
    if lines:
        books.charge(party, *lines, source=source)
    run = books.approve_month(party.hub)
    invoicing.issue_approved(now=DECEMBER_1)
    return Invoice.objects.get(run=run, party=party)


def credited(invoice: Invoice, *, by: User, parts: dict[int, str] | None = None) -> Invoice:
    """A credit note of all that is left, or of `parts`: place of the line, net."""
    lines = list(invoice.lines.all())
    chosen = [Part(lines[place], Decimal(net)) for place, net in (parts or {}).items()]
    return crediting.credit(
        invoice, lines=chosen or crediting.everything(invoice), reason="dubbel geboekt", by=by, now=DECEMBER_1
    )


HOSTILE = st.sampled_from(
    ["<b>&amp;]]></b>", "a\u202eb", "😀 Praktijk", "שלום", "x\ty\nz", "'\"", "\u0001x", "  "]
)
WORDS = st.one_of(
    HOSTILE, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
)
NOVEMBER_DAYS = st.integers(0, 29).map(lambda days: date(2026, 11, 1) + timedelta(days))


@st.composite
def lines(draw: st.DrawFn) -> Owed:
    """A line of any rate: hours, square metres, months; discounts, nothing, and fractions of a cent."""
    first, last = sorted([draw(NOVEMBER_DAYS), draw(NOVEMBER_DAYS)])
    quantity = draw(st.decimals("-3", "40", places=4).filter(bool))
    price = draw(st.decimals("-20", "900", places=4))
    return owed(
        vat=draw(st.sampled_from([0, 9, 21])),
        quantity=quantity,
        unit=draw(st.sampled_from(["hour", "day", "day_part", "week", "month", "piece", "m2"])),
        unit_price=price,
        net=euro(quantity * price),
        starts_on=first,
        ends_on=last,
        description=sentence("%(what)s", what=draw(WORDS)),
        reason=sentence("%(why)s", why=draw(WORDS)),
    )


@st.composite
def parties(draw: st.DrawFn) -> dict[str, Any]:
    """Facts of a party that can have an e-invoice: by KvK or OIN, collected or not, in both languages."""
    number = f"{uuid4().int % 10**8:08d}"
    facts = {
        "kvk": draw(st.sampled_from([number, number, ""])),
        "vat_id": draw(st.sampled_from(["", "NL000099911B64"])),
        "purchase_reference": draw(st.sampled_from(["", " ", "PO 12 & 3"])),
        "contact_name": draw(st.sampled_from(["", "A. de Vries"])),
        "email": draw(st.sampled_from(["", "info@partij.example.nl"])),
        "language": draw(st.sampled_from(["nl", "en"])),
    }
    if not facts["kvk"] or draw(st.booleans()):
        facts["oin"] = OIN
    if draw(st.booleans()):
        facts |= {
            "payment_method": "incasso", "iban": "NL46RABO9999900529", "mandate_reference": "LOC-000001",
            "mandate_signed_on": date(2026, 8, 24),
        }  # fmt: skip
    return facts
