"""Whatever is sent, it is read or refused: never a fault, and never money out of nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spaces.models import Hub
from tenants.billing.banking import reading
from tenants.billing.banking.refusals import StatementRefused
from tenants.leases.open_items import taking_over
from tenants.leases.open_items.taking_over import OpenItemsRefused
from tests import cast
from tests.banking.statements import OPEN_ITEMS, STATEMENT
from tests.billing import books

CHUNKS = [
    b"<Amt",
    b"EUR",
    b"170.00",
    b"CRDT",
    b"<Ntry>",
    b"</TxDtls>",
    b"2026-11-05",
    b"IBAN",
    b"<Stmt>",
    b"BOOK",
]
NASTY = [
    b"",
    b"\x00",
    b"-1",
    b"9" * 40,
    b"\xff\xfe",
    b"<!--",
    b"]]>",
    b"&lt;",
    "\u202e\U0001f600".encode(),
    b"NaN",
    b"<a>",
]
quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def said(refusal: StatementRefused | OpenItemsRefused) -> None:
    """A refusal always says something."""
    assert refusal.message


@quick
@given(
    st.lists(
        st.tuples(st.sampled_from(CHUNKS), st.sampled_from(NASTY), st.integers(1, 3)), min_size=1, max_size=4
    )
)
def test_a_statement_with_holes_in_it_is_read_or_refused(changes):
    content = STATEMENT
    for old, new, times in changes:
        content = content.replace(old, new, times)
    try:
        for found in reading.read(content):
            assert found.opening + sum(each.amount for each in found.movements) == found.closing
    except StatementRefused as refusal:
        said(refusal)


@quick
@given(st.binary(max_size=400), st.integers(0, len(STATEMENT) - 1))
def test_a_statement_with_bytes_thrown_in_is_read_or_refused(noise, place):
    try:
        reading.read(STATEMENT[:place] + noise + STATEMENT[place + len(noise) :])
    except StatementRefused as refusal:
        said(refusal)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    noise=st.text(max_size=30)
    | st.sampled_from(["0,001", "1e400", "-", "31-2-2026", "9" * 50, '"', ";;;;", "=1+1"]),
    row=st.integers(0, 14),
    column=st.integers(0, 10),
)
def test_a_list_with_one_cell_of_nonsense_is_read_or_refused(noise, row, column):
    hub = Hub.objects.filter(slug="locplus").first() or books.hub()
    lines = [line.split(";") for line in OPEN_ITEMS.decode("utf-8-sig").splitlines()]
    lines[row][column] = noise
    content = "\n".join(";".join(line) for line in lines).encode("utf-8", "surrogatepass")
    try:
        plan = taking_over.look(content, hub=hub)
    except OpenItemsRefused as refusal:
        said(refusal)
    else:
        assert list(taking_over.report(plan))


@pytest.fixture
def hub(transactional_db):
    return books.hub()


@pytest.fixture
def client(hub) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.staff(hub, "bookkeeper"))
    return browser


@pytest.mark.parametrize("field", ["bank-read-in statement", "open-items-import items"])
def test_no_file_is_answered_with_a_fault(client, field):
    name, field = field.split()
    files = (
        b"",
        b"\x00",
        b"<a/>",
        b"a;b\n1;2",
        "naam\u202e;x".encode(),
        b"\xff" * 100,
        STATEMENT,
        OPEN_ITEMS,
    )

    answers = [client.post(reverse(name), {field: SimpleUploadedFile("x.xml", file)}) for file in files]

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


@pytest.mark.parametrize("typed", ["", "0", "-1", "1e400", "NaN", "9" * 30, "\x00", "١٢", "2026-11-26"])
def test_nothing_typed_is_answered_with_a_fault(client, hub, typed):
    party = books.party(hub)
    take_in, debits, make = reverse("payment-new"), reverse("debits"), reverse("debit-make")
    names = (
        "amount", "method", "received_on", "reference", "receivables", "key", "partij", "iban", "signed_on", "op", "soort",
    )  # fmt: skip
    data = dict.fromkeys(names, typed)

    posts = (f"{take_in}?partij={party.pk}", reverse("mandate", args=[party.pk]), make)
    answers = [client.get(take_in, {"partij": typed}), client.get(debits, {"op": typed, "soort": typed})]
    answers += [client.post(path, data) for path in posts]

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
