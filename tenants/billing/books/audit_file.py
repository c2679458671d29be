"""The XML audit file (XAF 3.2) of this sub-ledger, as the Belastingdienst and accountants read it.

Source: XML Auditfile Financieel 3.2 (auditfiles.nl); the tests hold the file against its XSD.
"""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from lxml import etree

from spaces.models import Hub
from spaces.money import total
from spaces.periods import DAY
from tenants.billing.books import journal
from tenants.billing.models import Journal, JournalEntry, JournalLine, LedgerAccount
from tenants.parties.models import Party

NAMESPACE = "http://www.auditfiles.nl/XAF/3.2"
_TYPES = {Journal.SALES: "S", Journal.BANK: "B", Journal.CASH: "C", Journal.MEMORIAL: "M"}
_VAT = {"21": "Hoog tarief", "9": "Laag tarief", "E": "Vrijgesteld"}
_BEGINNING = date(2000, 1, 1)


def written(hub: Hub, *, first: date, last: date, today: date) -> bytes:
    """The audit file of what was booked from `first` to `last`, two days of one calendar year.

    Raises ValueError when they lie in different years: a file is of one financial year.
    """
    if first.year != last.year or first > last:
        raise ValueError("an audit file is of days in one year")
    found = journal.entries(hub, first=first, last=last)
    root = etree.Element(f"{{{NAMESPACE}}}auditfile", nsmap={None: NAMESPACE})
    _header(root, first, last, today)
    company = _add(root, "company")
    _company(company, hub)
    _debtors(company, found)
    _ledger(company, hub)
    _vat_codes(company, hub)
    _periods(company, first, last)
    _opening(company, hub, first)
    _transactions(company, found)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _add(parent: etree._Element, tag: str, text: object = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    if text != "":
        element.text = str(text)
    return element


def _all(parent: etree._Element, **values: object) -> None:
    """Each of these that is known, in this order."""
    for tag, text in values.items():
        if text not in ("", None):
            _add(parent, tag, text)


def _header(root: etree._Element, first: date, last: date, today: date) -> None:
    _all(
        _add(root, "header"), fiscalYear=first.year, startDate=first, endDate=last, curCode="EUR", dateCreated=today,
        softwareDesc="Plein", softwareVersion="1",
    )  # fmt: skip


def _company(company: etree._Element, hub: Hub) -> None:
    _all(
        company, companyIdent=hub.kvk, companyName=hub.legal_name, taxRegistrationCountry="NL",
        taxRegIdent=hub.vat_id or hub.rsin or hub.kvk,
    )  # fmt: skip
    _all(
        _add(company, "streetAddress"), streetname=hub.street, city=hub.city[:50],
        postalCode=hub.postal_code[:10], country="NL",
    )  # fmt: skip


def _debtors(company: etree._Element, found: Sequence[JournalEntry]) -> None:
    lines = [line for entry in found for line in entry.lines.all() if line.party]
    parties: dict[str, Party] = {journal.relation_code(line): line.party for line in lines if line.party}
    listed = _add(company, "customersSuppliers")
    for code, party in sorted(parties.items()):
        row = _add(listed, "customerSupplier")
        _all(
            row, custSupID=code, custSupName=party.name[:50], contact=party.contact_name[:50], eMail=party.email,
            commerceNr=party.kvk, taxRegistrationCountry="NL" if party.vat_id else "", taxRegIdent=party.vat_id,
            custSupTp="C",
        )  # fmt: skip
        if party.iban:
            _all(_add(row, "bankAccount"), bankAccNr=party.iban)


def _ledger(company: etree._Element, hub: Hub) -> None:
    ledger = _add(company, "generalLedger")
    for row in LedgerAccount.objects.filter(hub=hub):
        _all(
            _add(ledger, "ledgerAccount"), accID=row.code, accDesc=row.name_nl, accTp="B" if row.is_balance else "P",
            leadReference=row.rgs,
        )  # fmt: skip


def _vat_codes(company: etree._Element, hub: Hub) -> None:
    codes = _add(company, "vatCodes")
    owed = {row.role: row.code for row in LedgerAccount.objects.filter(hub=hub, role__startswith="vat_")}
    for code, words in _VAT.items():
        account = {"21": owed.get("vat_high"), "9": owed.get("vat_low")}.get(code)
        _all(_add(codes, "vatCode"), vatID=code, vatDesc=words, vatToPayAccID=account)


def _periods(company: etree._Element, first: date, last: date) -> None:
    periods = _add(company, "periods")
    for month in range(first.month, last.month + 1):
        days = calendar.monthrange(first.year, month)[1]
        start, end = date(first.year, month, 1), date(first.year, month, days)
        _all(_add(periods, "period"), periodNumber=month, startDatePeriod=start, endDatePeriod=end)


def _opening(company: etree._Element, hub: Hub, first: date) -> None:
    """What the balance accounts came to the day before."""
    before = journal.balances(hub, first=_BEGINNING, last=first - DAY)
    kept = [row for row in before if row.account.is_balance and row.amount]
    opening = _add(company, "openingBalance")
    _all(opening, opBalDate=first)
    _totals(opening, [row.amount for row in kept])
    for number, row in enumerate(kept, start=1):
        _all(_add(opening, "obLine"), nr=number, accID=row.account.code, **_sides(row.amount))


def _transactions(company: etree._Element, found: Sequence[JournalEntry]) -> None:
    told = _add(company, "transactions")
    _totals(told, [line.debit - line.credit for entry in found for line in entry.lines.all()])
    for kind in Journal:
        of_kind = [entry for entry in found if entry.journal == kind]
        if of_kind:
            listed = _add(told, "journal")
            _all(listed, jrnID=journal.JOURNAL_NAMES[kind], desc=kind.label, jrnTp=_TYPES[kind])
            for entry in of_kind:
                _transaction(listed, entry)


def _transaction(listed: etree._Element, entry: JournalEntry) -> None:
    row = _add(listed, "transaction")
    _all(row, nr=entry.pk, desc=entry.description, periodNumber=entry.booked_on.month, trDt=entry.booked_on)
    for line in entry.lines.all():
        _line(_add(row, "trLine"), entry, line)


def _line(row: etree._Element, entry: JournalEntry, line: JournalLine) -> None:
    _all(row, nr=line.position, accID=line.account.code)
    _add(row, "docRef", line.number or entry.source)
    _all(
        row, effDate=entry.booked_on, desc=entry.description, **_sides(line.debit - line.credit),
        custSupID=journal.relation_code(line), invRef=line.number, costID=line.cost_centre,
    )  # fmt: skip


def _sides(amount: Decimal) -> dict[str, object]:
    return {"amnt": f"{abs(amount):.2f}", "amntTp": "D" if amount >= 0 else "C"}


def _totals(parent: etree._Element, amounts: Iterable[Decimal]) -> None:
    rows = list(amounts)
    _all(parent, linesCount=len(rows), totalDebit=total(each for each in rows if each > 0))
    _add(parent, "totalCredit", total(-each for each in rows if each < 0))
