"""A bank statement (camt.053, versions .02 to .12) as values: checked, in euros, nothing stored.

`pycamt` tells who and when of each transaction. What it gets wrong or leaves out is read here: amounts (it takes the
first of several), lines of the remittance, the references of a batch, and why something came back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree
from pycamt.parser import Camt053Parser

from tenants.billing.banking import xml
from tenants.billing.banking.refusals import DoesNotAddUp, NotAStatement, OtherCurrency

MOST_MOVEMENTS = 20_000
NOTHING = {"", "NOTPROVIDED", "NONREF", "NOTAVAILABLE"}

ENTRY = {
    "BookingDate", "ValueDate", "ReversalIndicator", "BankTransactionCode", "TransactionFamilyCode",
    "TransactionSubFamilyCode", "AdditionalEntryInformation",
}  # fmt: skip


@dataclass(frozen=True)
class Movement:
    """One transaction; of an entry with several each is one, told apart by `position`. Negative: it left."""

    booked_on: date
    amount: Decimal
    bank_reference: str = ""
    position: int = 1
    name: str = ""
    iban: str = ""
    reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    text: str = ""
    batch: str = ""
    code: str = ""
    is_reversal: bool = False
    return_reason: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement: opening balance and all movements make the closing balance."""

    iban: str
    reference: str
    from_on: date
    until_on: date
    opening: Decimal
    closing: Decimal
    movements: list[Movement]


def read(content: bytes) -> list[Statement]:
    """Every statement in the file. Raises StatementRefused: not XML, no camt.053, another currency, wrong sums."""
    document = xml.parse(content)
    found = document.findall("BkToCstmrStmt/Stmt")
    if not found:
        raise NotAStatement(_("there is no statement in it."))
    told = iter(Camt053Parser(etree.tostring(document)).get_transactions())
    return [_statement(each, told) for each in found]


def _statement(node: Any, told: Iterator[dict[str, str]]) -> Statement:
    currency = xml.text(node, "Acct/Ccy")
    if currency not in {"", "EUR"}:
        raise OtherCurrency(currency)
    opening, opened_on = _balance(node, "OPBD", "PRCD")
    closing, closed_on = _balance(node, "CLBD")
    iban = xml.text(node, "Acct/Id/IBAN").replace(" ", "").upper()
    entries = node.findall("Ntry")
    if len(entries) > MOST_MOVEMENTS:
        raise NotAStatement(_("it has more entries than Plein reads at once."))
    booked = [pair for pair in ((each, _told_of(each, told)) for each in entries) if _is_booked(pair[0])]
    reference = xml.text(node, "Id")[:35]
    counted = opening + sum((xml.signed(entry) for entry, _ours in booked), Decimal(0))
    if counted != closing:
        raise DoesNotAddUp(reference, counted, closing)
    return Statement(
        iban=iban,
        reference=reference,
        from_on=xml.day(xml.text(node, "FrToDt/FrDtTm")) or opened_on,
        until_on=xml.day(xml.text(node, "FrToDt/ToDtTm")) or closed_on,
        opening=opening,
        closing=closing,
        movements=[movement for entry, ours in booked for movement in _movements(entry, ours, iban=iban)],
    )


def _balance(node: Any, *codes: str) -> tuple[Decimal, date]:
    for balance in node.findall("Bal"):
        if xml.text(balance, "Tp/CdOrPrtry/Cd") in codes:
            on = xml.day(xml.text(balance, "Dt/Dt") or xml.text(balance, "Dt/DtTm"))
            if on is None:
                break
            return xml.signed(balance), on
    raise NotAStatement(_("its opening or closing balance is missing."))


def _is_booked(entry: Any) -> bool:
    """What is only announced (pending, for information) counts in no balance."""
    return (xml.text(entry, "Sts/Cd") or xml.text(entry, "Sts")) in {"BOOK", ""}


def _told_of(entry: Any, told: Iterator[dict[str, str]]) -> list[dict[str, str]]:
    """What pycamt says of this entry: one for each transaction in it, or one for the entry itself."""
    return [next(told, {}) for _each in range(max(1, len(entry.findall("NtryDtls/TxDtls"))))]


def _movements(entry: Any, told: list[dict[str, str]], *, iban: str) -> Iterator[Movement]:
    details = entry.findall("NtryDtls/TxDtls")
    whole = xml.signed(entry)
    amounts = [_amount_of(each, whole) for each in details]
    splits = len(details) > 1 and None not in amounts and sum(filter(None, amounts)) == whole
    if not splits:  # several details that do not make the whole are not to be trusted with money
        told = [told[0] if len(details) < 2 else _of_entry(told[0])]
        details, amounts = details if len(details) == 1 else [], [whole]
    for position, (amount, ours) in enumerate(zip(amounts, told, strict=True), start=1):
        if amount:
            detail = details[position - 1] if details else None
            yield _movement(entry, detail, ours, amount=amount, position=position, own_iban=iban)


def _of_entry(told: dict[str, str]) -> dict[str, str]:
    """Without what is of one transaction in it."""
    return {name: words for name, words in told.items() if name in ENTRY}


def _amount_of(detail: Any, whole: Decimal) -> Decimal | None:
    """The amount of one of several transactions; None when it is not said in euros."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        node = detail.find(path)
        if node is not None and node.get("Ccy", "EUR") == "EUR":
            left = xml.text(detail, "CdtDbtInd")
            is_debit = left == "DBIT" if left else whole < 0
            return -xml.amount(node) if is_debit else xml.amount(node)
    return None


def _movement(
    entry: Any, detail: Any, told: dict[str, str], *, amount: Decimal, position: int, own_iban: str
) -> Movement:
    booked_on = xml.day(told.get("BookingDate", "")) or xml.day(told.get("ValueDate", ""))
    if booked_on is None:
        raise NotAStatement(_("an entry has no date."))
    is_reversal = told.get("ReversalIndicator") == "true"
    name, iban = _other_side(told, came=(amount > 0) is not is_reversal, own_iban=own_iban)
    references = xml.texts(detail, "RmtInf/Strd/CdtrRefInf/Ref")
    lines = [
        *xml.texts(detail, "RmtInf/Ustrd"),
        *references[1:],
        *xml.texts(detail, "RmtInf/Strd/AddtlRmtInf"),
    ]
    own_words = [xml.text(detail, "AddtlTxInf"), told.get("AdditionalEntryInformation") or ""]
    return Movement(
        booked_on=booked_on,
        amount=amount,
        bank_reference=_known(xml.text(entry, "AcctSvcrRef"))[:70],
        position=position,
        name=name[:140],
        iban=iban[:34],
        reference=(references or [""])[0].replace(" ", "")[:35],
        end_to_end=_known(told.get("EndToEndId", ""))[:35],
        mandate=_known(told.get("MandateId", ""))[:35],
        text="\n".join(lines or [each for each in own_words if each])[:2000],
        batch=xml.text(entry, "NtryDtls/Btch/PmtInfId")[:35],
        code=_code(told)[:20],
        is_reversal=is_reversal,
        return_reason=_return_reason(detail)[:140],
    )


def _other_side(told: dict[str, str], *, came: bool, own_iban: str) -> tuple[str, str]:
    """Name and account of who it came from, or went to: never our own."""
    sides = [
        (told.get(f"{side}Name", "").strip(), told.get(f"{side}IBAN", "").replace(" ", "").upper())
        for side in (("Debtor", "Creditor") if came else ("Creditor", "Debtor"))
    ]
    others = [side for side in sides if any(side) and side[1] != own_iban]
    return others[0] if others else ("", "")


def _return_reason(detail: Any) -> str:
    words = [xml.text(detail, "RtrInf/Rsn/Cd"), *xml.texts(detail, "RtrInf/AddtlInf")]
    return " ".join(filter(None, words))


def _code(told: dict[str, str]) -> str:
    names = ("BankTransactionCode", "TransactionFamilyCode", "TransactionSubFamilyCode")
    return "/".join(filter(None, (told.get(name) for name in names)))


def _known(text: str | None) -> str:
    bare = (text or "").strip()
    return "" if bare.upper() in NOTHING else bare
