"""Direct debit: only with a mandate, announced in time, on a day that banks work, in a file the bank takes."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from sepaxml.validation import try_valid_xml

from tenants.billing import debit_files, debiting, mandates
from tenants.billing.debiting import DebitRefused
from tenants.billing.mandates import Mandate, MandateRefused
from tenants.billing.models import Debit, DebitBatch, Payment
from tenants.parties import mailing
from tenants.parties.models import Letter, Party
from tests import cast
from tests.banking.statements import entry, read_in, statement
from tests.billing import books
from tests.billing.money import asked, still_open
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY = date(2026, 11, 27)
IBANS = ("NL16TRIO9999900858", "NL09ABNA9999900633", "NL08ASNB9999900962")
SPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


@pytest.fixture
def hub():
    return books.hub(creditor_id="NL00ZZZ000180120000")


@pytest.fixture
def bookkeeper(hub):
    return cast.staff(hub, "bookkeeper")


def payer(hub, name: str = "Coach ‘Zoë’ & co", number: int = 1, **fields) -> Party:
    facts = {
        "mandate_reference": f"LOC-{number}", "mandate_signed_on": date(2026, 1, 5), "iban": IBANS[number - 1],
    }  # fmt: skip
    return books.party(hub, name, **facts | fields)


def make(hub, by, *rows, on: date = FRIDAY, scheme: str = "CORE") -> DebitBatch:
    return debiting.make(
        hub, collect_on=on, scheme=scheme, receivables=[row.pk for row in rows], by=by, now=NOW
    )


def due(hub, on: date = FRIDAY) -> list[tuple[str, str]]:
    found = debiting.due(hub, collect_on=on, scheme="CORE", today=NOW.date())
    return [(each.receivable.number, each.sequence) for each in found]


def test_due_is_what_parties_with_a_mandate_have_to_pay_by_then(hub):
    with_mandate, without = payer(hub), books.party(hub, "Zonder", payment_method="incasso")
    asked(with_mandate, number="A")
    asked(with_mandate, number="B", due_on=date(2026, 12, 20))
    asked(with_mandate, "-10.00", number="C")
    asked(without, number="D")
    asked(payer(hub, "Zakelijk", 2, mandate_scheme="B2B"), number="E")

    assert due(hub) == [("A", "FRST")]
    assert list(mandates.without(hub)) == [without]


def test_the_file_is_what_the_bank_takes_and_the_same_each_time(hub, bookkeeper):
    first, second = payer(hub), payer(hub, "Psycholoog", 2)
    rows = [asked(first, "105.00", number="2026-0191"), asked(second, "0.10", number="2026-0192")]
    batch = make(hub, bookkeeper, *rows)

    content = debit_files.written(batch)
    try_valid_xml(content, "pain.008.001.08")
    root = etree.fromstring(content)

    def told(path: str) -> list[str]:
        return [node.text for node in root.iterfind(f".//p:{path}", SPACE)]

    assert root.findall(".//p:PstlAdr", SPACE) == []
    assert told("InstdAmt") == ["105.00", "0.10"]
    assert (told("NbOfTxs"), told("CtrlSum")) == (["2", "2"], ["105.10", "105.10"])
    assert told("PmtInfId") == ["INC-2026-11-27-1-FRST"]
    assert told("MsgId") == ["INC-2026-11-27-1"]
    assert told("EndToEndId") == ["2026-0191", "2026-0192"]
    assert (told("SeqTp"), told("ReqdColltnDt")) == (["FRST"], ["2026-11-27"])
    assert told("DtOfSgntr") == ["2026-01-05"] * 2
    assert content == debit_files.written(DebitBatch.objects.get())


def test_the_second_time_is_told_to_the_bank_as_such(hub, bookkeeper):
    party = payer(hub)
    debiting.hand_over(make(hub, bookkeeper, asked(party, number="A")), now=NOW)
    asked(party, number="B")

    assert due(hub) == [("B", "RCUR")]  # A is on its way


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 11, 28), "incasseren niet"),
        (date(2026, 12, 25), "incasseren niet"),
        (date(2027, 3, 26), "incasseren niet"),
        (date(2026, 11, 25), "te snel"),
    ],
)
def test_only_on_a_bank_day_and_announced_in_time(on, why, hub, bookkeeper):
    row = asked(payer(hub))

    with pytest.raises(DebitRefused, match=why):
        make(hub, bookkeeper, row, on=on)
    assert Debit.objects.count() == 0


def test_what_changed_since_it_was_shown_is_not_collected(hub, bookkeeper):
    row = asked(payer(hub))
    mandates.revoke(row.party)

    with pytest.raises(DebitRefused, match="veranderd"):
        make(hub, bookkeeper, row)


def test_without_a_creditor_id_nothing_is_collected(bookkeeper, hub):
    type(hub).objects.update(creditor_id="")
    hub.refresh_from_db()

    with pytest.raises(DebitRefused, match="incassant-ID"):
        make(hub, bookkeeper, asked(payer(hub)))


def test_dropped_before_the_letter_went_nobody_hears_of_it(hub, bookkeeper):
    row = asked(payer(hub), number="A")
    batch = make(hub, bookkeeper, row)
    assert due(hub) == []

    debiting.drop(batch, now=NOW)

    assert [(each.kind, each.dropped_at is not None) for each in Letter.objects.all()] == [
        ("debit_announced", True)
    ]
    assert due(hub) == [("A", "FRST")]
    with pytest.raises(DebitRefused):
        debiting.hand_over(batch, now=NOW)


def test_dropped_after_the_letter_went_it_is_put_right(hub, bookkeeper):
    batch = make(hub, bookkeeper, asked(payer(hub)))
    mailing.send_due(now=NOW)

    debiting.drop(batch, now=NOW)

    assert list(Letter.objects.order_by("pk").values_list("kind", flat=True)) == [
        "debit_announced",
        "debit_dropped",
    ]


def test_a_batch_that_the_bank_tells_as_one_amount_pays_each_of_its_debits(hub, bookkeeper):
    rows = [
        asked(payer(hub), "105.00", number="A1-2026"),
        asked(payer(hub, "B", 2), "200.00", number="A2-2026"),
    ]
    debiting.hand_over(make(hub, bookkeeper, *rows), now=NOW)
    whole = entry("305.00", on="2026-11-27", code="PMNT/IDDT/ESDD", name="").replace(
        "<NtryDtls>", "<NtryDtls><Btch><PmtInfId>INC-2026-11-27-1-FRST</PmtInfId></Btch>"
    )

    read_in(hub, statement(whole))

    assert still_open(hub) == {}
    assert [(str(row.amount), row.method) for row in Payment.objects.order_by("amount")] == [
        ("105.00", "debit"), ("200.00", "debit"),
    ]  # fmt: skip


def test_collected_and_taken_back_it_can_be_collected_again(hub, bookkeeper):
    row = asked(payer(hub), number="2026-0191")
    debiting.hand_over(make(hub, bookkeeper, row), now=NOW)
    said = {"end_to_end": "2026-0191", "mandate": "LOC-1", "code": "PMNT/IDDT/ESDD", "on": "2026-11-27"}

    came = entry("100.00", ref="1", **said)
    back = entry("-100.00", ref="2", reversal=True, reason="AM04", **said)
    read_in(hub, statement(came, back))

    assert still_open(hub) == {"2026-0191": "100.00"}
    assert due(hub, date(2026, 12, 4)) == [("2026-0191", "RCUR")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", ""),
        ("reference", "é" * 3),
        ("signed_on", date(2027, 1, 1)),
        ("iban", "NL00ABNA0000000000"),
    ],
)
def test_a_mandate_that_cannot_be_right_is_refused(field, value, hub):
    facts = {"reference": "LOC-9", "signed_on": date(2026, 1, 1), "scheme": "CORE", "iban": IBANS[0]}

    with pytest.raises(MandateRefused) as refused:
        mandates.enter(books.party(hub), Mandate(**facts | {field: value}), today=NOW.date())
    assert refused.value.field == field


def test_two_parties_have_no_mandate_with_one_reference(hub):
    payer(hub)
    with pytest.raises(MandateRefused):
        mandates.enter(
            books.party(hub, "Ander"), Mandate("LOC-1", date(2026, 1, 1), "CORE", IBANS[1]), today=NOW.date()
        )


def test_the_letter_says_what_when_and_under_which_mandate(hub, bookkeeper):
    make(hub, bookkeeper, asked(payer(hub), "105.00", number="2026-0191"))

    letter = Letter.objects.get()
    assert "27 november 2026" in letter.subject
    for words in ("€\xa0105,00", "2026-0191", "LOC-1", "NL00ZZZ000180120000", "NL16 … 0858"):
        assert words in letter.text, letter.text
    assert Decimal("105.00") == Debit.objects.get().amount
