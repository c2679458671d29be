"""Bank statements for the tests: the real one of November, and small ones written by hand."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from spaces.models import Hub
from tenants.billing.banking import importing
from tenants.leases.hub_import import importing as hub_importing
from tenants.leases.open_items import taking_over
from tests.cast import NOW
from tests.leases import workbooks

DEMO = Path(__file__).resolve().parents[2] / "config" / "demo"
STATEMENT = (DEMO / "camt053-2026-11.xml").read_bytes()
OPEN_ITEMS = (DEMO / "openstaande-posten.csv").read_bytes()
OURS = "NL91ABNA0417164300"


def hub_with_open_items() -> Hub:
    """LOC+ with its parties and leases, and what was open in the old books."""
    hub = hub_importing.store(workbooks.real(), now=NOW).hub
    assert hub is not None
    taking_over.store(OPEN_ITEMS, hub=hub, now=NOW)
    return hub


def read_in(hub: Hub, content: bytes = STATEMENT) -> importing.Imported:
    return importing.store(content, hub=hub, now=NOW)


def statement(
    *entries: str,
    opening: str = "1000.00",
    closing: str = "",
    iban: str = OURS,
    name: str = "AFS-1",
    version: str = "08",
    currency: str = "EUR",
    days: Sequence[str] = ("2026-11-01", "2026-11-20"),
) -> bytes:
    """A statement with these entries; the closing balance is right unless another one is given."""
    closing = closing or str(Decimal(opening) + sum((_signed(each) for each in entries), Decimal(0)))
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{abs(Decimal(amount))}</Amt>'
        f"<CdtDbtInd>{'CRDT' if Decimal(amount) >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, amount, day in (("OPBD", opening, days[0]), ("CLBD", closing, days[1]))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-11-21T05:30:00</CreDtTm></GrpHdr><Stmt><Id>{name}</Id>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>{balances}{''.join(entries)}</Stmt>"
        "</BkToCstmrStmt></Document>"
    ).encode()


def entry(
    amount: str = "100.00",
    *,
    text: str | Sequence[str] = "",
    on: str = "2026-11-10",
    ref: str = "",
    **of: Any,
) -> str:
    """One entry; below zero it left. `of`: name, iban, reference, end_to_end, mandate, code, reversal, reason, version."""
    value, version = Decimal(amount), of.get("version", "08")
    side = "CRDT" if value > 0 else "DBIT"
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version == "08" else "<Sts>BOOK</Sts>"
    bank_reference = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    reversal = "<RvslInd>true</RvslInd>" if of.get("reversal") else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{abs(value)}</Amt><CdtDbtInd>{side}</CdtDbtInd>{reversal}{status}'
        f"<BookgDt><Dt>{on}</Dt></BookgDt>{bank_reference}{_code(of.get('code', 'PMNT/RCDT/ESCT'))}"
        f"<NtryDtls>{of.get('batch', '')}{details(amount, text=text, **of)}</NtryDtls></Ntry>"
    )


def details(amount: str = "100.00", *, text: str | Sequence[str] = "", **of: Any) -> str:
    """The transaction of an entry, or one of a batch."""
    value = Decimal(amount)
    name = f"<Nm>{escape(of.get('name', 'Iemand'))}</Nm>"
    side = "Dbtr" if value > 0 or of.get("reversal") else "Cdtr"
    party = (
        f"<{side}><Pty>{name}</Pty></{side}>"
        if of.get("version", "08") == "08"
        else f"<{side}>{name}</{side}>"
    )
    iban = of.get("iban", "NL02ABNA0123456789")
    account = f"<{side}Acct><Id><IBAN>{iban}</IBAN></Id></{side}Acct>" if iban else ""
    lines = [text] if isinstance(text, str) else text
    remittance = "".join(f"<Ustrd>{escape(line)}</Ustrd>" for line in lines if line)
    if of.get("reference"):
        remittance += f"<Strd><CdtrRefInf><Ref>{of['reference']}</Ref></CdtrRefInf></Strd>"
    mandate = f"<MndtId>{of['mandate']}</MndtId>" if of.get("mandate") else ""
    reason = f"<RtrInf><Rsn><Cd>{of['reason']}</Cd></Rsn></RtrInf>" if of.get("reason") else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{escape(of.get('end_to_end', 'NOTPROVIDED'))}</EndToEndId>{mandate}</Refs>"
        f'<Amt Ccy="EUR">{abs(value)}</Amt><CdtDbtInd>{"CRDT" if value > 0 else "DBIT"}</CdtDbtInd>'
        f"<RltdPties>{party}{account}</RltdPties><RmtInf>{remittance}</RmtInf>{reason}</TxDtls>"
    )


def _code(path: str) -> str:
    domain, family, sub = path.split("/")
    return f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"


def _signed(entry: str) -> Decimal:
    amount = Decimal(entry.partition('<Ntry><Amt Ccy="EUR">')[2].partition("<")[0])
    return -amount if "<CdtDbtInd>DBIT" in entry.partition("</CdtDbtInd>")[0] + "" else amount
