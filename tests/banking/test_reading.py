"""A statement is read whole and safely, or refused with a reason."""

from decimal import Decimal

import pytest

from tenants.billing.banking import reading, refusals
from tests.banking.statements import STATEMENT, details, entry, statement

CHARGES = (
    '<Ntry><Amt Ccy="EUR">2.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>'
    "<BookgDt><Dt>2026-11-10</Dt></BookgDt></Ntry>"
)
BATCH = "<Btch><PmtInfId>INC-1</PmtInfId></Btch>"


def only(*entries: str, **of: str) -> list[reading.Movement]:
    [found] = reading.read(statement(*entries, **of))
    return found.movements


def test_the_statement_of_november_adds_up():
    [found] = reading.read(STATEMENT)

    assert (found.opening, found.closing) == (Decimal("18250.37"), Decimal("42751.46"))
    assert sum(each.amount for each in found.movements) == found.closing - found.opening
    assert len(found.movements) == 15


@pytest.mark.parametrize("version", ["02", "08"])
def test_both_versions_say_the_same(version):
    [movement] = only(
        entry("12.50", text="factuur 1", name="Anna", iban="NL16TRIO9999900858", version=version, ref="R1"),
        version=version,
    )

    assert (movement.name, movement.iban, movement.text) == ("Anna", "NL16TRIO9999900858", "factuur 1")
    assert (movement.amount, movement.bank_reference) == (Decimal("12.50"), "R1")


def test_every_line_of_the_remittance_counts():
    [movement] = only(entry(text=["Facturen 2026-0183 en", "2026-0201 huur"]))

    assert movement.text == "Facturen 2026-0183 en\n2026-0201 huur"


def test_a_batch_is_split_in_its_transactions_each_with_its_own_amount():
    parts = details("30.00", name="A", end_to_end="2026-1") + details("70.00", name="B", end_to_end="2026-2")
    batch = entry("100.00").partition("<NtryDtls>")[0] + f"<NtryDtls>{BATCH}{parts}</NtryDtls></Ntry>"

    assert [(each.name, str(each.amount), each.position, each.batch) for each in only(batch)] == [
        ("A", "30.00", 1, "INC-1"), ("B", "70.00", 2, "INC-1"),
    ]  # fmt: skip


def test_a_batch_whose_parts_are_not_the_whole_stays_one_movement_of_nobody():
    parts = details("30.00", name="A") + details("60.00", name="B")
    batch = entry("100.00").partition("<NtryDtls>")[0] + f"<NtryDtls>{BATCH}{parts}</NtryDtls></Ntry>"

    [movement] = only(batch)
    assert (movement.amount, movement.name, movement.iban, movement.text) == (Decimal("100.00"), "", "", "")


def test_what_is_only_announced_does_not_count():
    content = statement(entry("100.00"), closing="1100.00").replace(b"</Stmt>", CHARGES.encode() + b"</Stmt>")

    [found] = reading.read(content)
    assert [str(each.amount) for each in found.movements] == ["100.00"]


def test_a_reversal_says_why_and_who():
    [movement] = only(
        entry("-200.00", name="Lactatiekundige", reversal=True, reason="AM04", end_to_end="2026-0193")
    )

    assert (movement.is_reversal, movement.return_reason, movement.name) == (True, "AM04", "Lactatiekundige")


ENTITY = b'<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a "aaaa">]><Document>&a;</Document>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE D [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<D xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">&b;</D>'
)
OUTSIDE = LAUGHS.replace(b'"&a;&a;&a;&a;"', b'SYSTEM "file:///etc/hostname"')


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", refusals.NotAStatement),
        (b"\x00\x01", refusals.NotAStatement),
        (b"<a/>", refusals.NotAStatement),
        (STATEMENT[:5000], refusals.NotAStatement),
        (ENTITY, refusals.NotAStatement),
        (LAUGHS, refusals.NotAStatement),
        (OUTSIDE, refusals.NotAStatement),
        (b"x" * (10 * 1024 * 1024 + 1), refusals.TooLarge),
        (STATEMENT.replace(b"camt.053.001.08", b"camt.054.001.08"), refusals.NotAStatement),
        (STATEMENT.replace(b"<Ccy>EUR</Ccy>", b"<Ccy>USD</Ccy>"), refusals.OtherCurrency),
        (STATEMENT.replace(b'Ccy="EUR">170.00', b'Ccy="USD">170.00'), refusals.OtherCurrency),
        (STATEMENT.replace(b">CLBD<", b">CLAV<"), refusals.NotAStatement),
        (STATEMENT.replace(b"42751.46", b"42751.45"), refusals.DoesNotAddUp),
        (STATEMENT.replace(b'"EUR">170.00</Amt><CdtDbtInd>CRDT', b'"EUR">171.00</Amt><CdtDbtInd>CRDT'), refusals.DoesNotAddUp),
        (STATEMENT.replace(b'"EUR">170.00', b'"EUR">1e400'), refusals.NotAStatement),
        (STATEMENT.replace(b'"EUR">170.00', b'"EUR">NaN'), refusals.NotAStatement),
        (STATEMENT.replace(b"<CdtDbtInd>CRDT", b"<CdtDbtInd>XXXX"), refusals.NotAStatement),
        (STATEMENT.replace(b"2026-11-05", b"2026-13-05"), refusals.NotAStatement),
        (b"<D xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'>" + b"<a>" * 5000, refusals.NotAStatement),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_reason(content, refusal):
    with pytest.raises(refusal) as caught:
        reading.read(content)
    assert caught.value.message
