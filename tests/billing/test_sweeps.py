"""The sweeps over runs and documents: what is wrong with one never holds up another, and they cost what waits."""

from copy import deepcopy

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.test.utils import CaptureQueriesContext

from spaces.explaining import sentence
from tenants.billing import documents, invoicing, tasks
from tenants.billing.models import (
    AwaitedDocument,
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceRun,
    InvoiceRunEvent,
)
from tenants.parties.models import Letter
from tests.billing import books
from tests.billing.books import DECEMBER_1, owed

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN = owed(description=sentence("%(missing)s"))


@pytest.fixture
def letter_of_broken(settings):
    """Put `words` in the letter of the party Kapot only."""

    def put(words: str) -> None:
        text = "{% load breaking %}{% if invoice.party.name == 'Kapot' %}" + words + "{% endif %}"
        templates = deepcopy(settings.TEMPLATES)
        templates[0] |= {"APP_DIRS": False}
        templates[0]["OPTIONS"] |= {
            "libraries": {"breaking": "tests.billing.breaking"},
            "loaders": [
                ("django.template.loaders.locmem.Loader", {"mail/invoice.txt": text}),
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        }
        settings.TEMPLATES = templates

    return put


def issue(hub, *names: str, line: object = None) -> None:
    for name in names:
        books.charge(books.party(hub, name), line or owed())
    books.approve_month(hub)
    invoicing.issue_approved(now=DECEMBER_1)


def with_document() -> list[str]:
    made = Invoice.objects.filter(document__isnull=False)
    return list(made.order_by("party__name").values_list("party__name", flat=True))


def test_fresh_invoices_come_before_those_that_failed() -> None:
    issue(books.hub("noord"), "Kapot", line=BROKEN)
    documents.send_documents(now=DECEMBER_1)
    issue(books.hub("zuid", kvk="00018099"), "Vers")

    assert documents.send_documents(now=DECEMBER_1, most=1) == 1
    assert with_document() == ["Vers"]


def test_a_letter_that_cannot_be_written_holds_up_no_other_hub(letter_of_broken) -> None:
    letter_of_broken("{% include 'is/not/there.txt' %}")
    issue(books.hub("noord"), "Kapot")
    issue(books.hub("zuid", kvk="00018099"), "Goed")

    assert documents.send_documents(now=DECEMBER_1) == 1

    assert (with_document(), Letter.objects.count()) == (["Goed"], 1)
    awaited = AwaitedDocument.objects.get()
    assert (awaited.invoice.party.name, awaited.attempts, awaited.tried_at) == ("Kapot", 1, DECEMBER_1)
    assert "is/not/there.txt" in awaited.error


def test_a_worker_whose_time_is_up_blames_no_invoice(letter_of_broken) -> None:
    letter_of_broken("{% time_is_up %}")
    issue(books.hub(), "Kapot")

    with pytest.raises(SoftTimeLimitExceeded):
        tasks.send_documents()

    assert [(it.attempts, it.error) for it in AwaitedDocument.objects.all()] == [(0, "")]
    assert InvoiceDocument.objects.count() == 0


def test_the_sweep_reads_what_waits_and_not_all_invoices() -> None:
    issue(books.hub(), "Een", "Twee")
    assert documents.send_documents(now=DECEMBER_1) == 2

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert documents.send_documents(now=DECEMBER_1) == 0

    assert [query["sql"].split(" FROM ")[1].split(" ")[0] for query in queries] == [
        '"billing_awaiteddocument"'
    ]


def test_an_unexpected_error_in_one_run_is_kept_there_and_the_next_run_is_issued() -> None:
    broken, good = books.hub("noord"), books.hub("zuid", kvk="00018099")
    for hub in (broken, good):
        books.charge(books.party(hub))
        books.approve_month(hub)
    InvoiceLine.objects.filter(invoice__hub=broken).update(vat_treatment="service_own")  # 0 %: no such VAT

    assert invoicing.issue_approved(now=DECEMBER_1) == 1

    assert list(Invoice.objects.issued().values_list("hub__slug", flat=True)) == ["zuid"]
    assert "NoVatReason" in InvoiceRun.objects.get(hub=broken).error
    InvoiceLine.objects.filter(invoice__hub=broken).update(vat_treatment="exempt_rent")
    assert invoicing.issue_approved(now=DECEMBER_1) == 1
    assert InvoiceRun.objects.get(hub=broken).error == ""


def test_a_run_that_keeps_breaking_is_recorded_once() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = books.approve_month(hub)
    InvoiceLine.objects.update(vat_treatment="service_own")
    for _time in range(3):
        invoicing.issue_approved(now=DECEMBER_1)

    assert InvoiceRunEvent.objects.filter(pgh_obj=run).exclude(error="").count() == 1


def test_time_that_is_up_ends_the_issuing_and_blames_no_run() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = books.approve_month(hub)
    InvoiceLine.objects.update(vat_treatment="service_own")

    with pytest.raises(ValueError, match="service_own"):
        invoicing.issue_approved(now=DECEMBER_1, let_through=(ValueError,))

    run.refresh_from_db()
    assert run.error == ""
