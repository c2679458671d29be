"""The files of an invoice: downloads on its page, the zip of a month, and the command that writes them."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.billing import archiving, documents, einvoice, naming
from tenants.billing.models import Invoice
from tests import cast
from tests.billing.books import DECEMBER_1, NOVEMBER, owed
from tests.einvoices import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def first_of_december(time_machine) -> None:
    time_machine.move_to(DECEMBER_1, tick=False)


@pytest.fixture
def hub():
    return making.hub()


@pytest.fixture
def bookkeeper(client, hub):
    client.force_login(cast.staff(hub, "bookkeeper"))
    return client


def written(*arguments: object, **options: object) -> str:
    out = io.StringIO()
    call_command("export_invoices", *map(str, arguments), stdout=out, **options)
    return out.getvalue().replace("\N{NO-BREAK SPACE}", " ")


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_page_of_an_invoice_offers_its_pdf_and_both_e_invoices(bookkeeper, hub) -> None:
    invoice = making.issued(making.ggd(hub), *making.ORACLE_4)
    documents.send_documents(now=DECEMBER_1)

    page = bookkeeper.get(f"/facturen/{invoice.number}").content.decode()
    links = re.findall(rf'href="(/facturen/{invoice.number}[^"]+)"', page)
    answers = [bookkeeper.get(link) for link in links if link.endswith((".pdf", ".xml"))]

    assert [(answer["Content-Type"], answer["Content-Disposition"]) for answer in answers] == [
        ("application/pdf", 'attachment; filename="factuur-2026-0001.pdf"'),
        ("application/xml", 'attachment; filename="factuur-2026-0001-nlcius.xml"'),
        ("application/xml", 'attachment; filename="factuur-2026-0001-peppol.xml"'),
    ]
    assert [answer.content for answer in answers[1:]] == [
        einvoice.ubl(invoice, einvoice.NLCIUS), einvoice.ubl(invoice, einvoice.PEPPOL),
    ]  # fmt: skip
    assert {(each["Cache-Control"], each["X-Content-Type-Options"]) for each in answers} == {
        ("no-store", "nosniff")
    }


def test_what_stops_an_e_invoice_is_said_on_the_page_and_the_pdf_is_there(bookkeeper, hub) -> None:
    invoice = making.issued(making.party(hub, "Coach De Wit", kvk=""), owed())
    documents.send_documents(now=DECEMBER_1)

    page = bookkeeper.get(f"/facturen/{invoice.number}").content.decode()

    assert "Van deze factuur is er geen e-factuur; de pdf is volledig." in page
    assert "Coach De Wit heeft geen KvK-nummer en geen OIN" in page
    assert bookkeeper.get(f"/facturen/{invoice.number}.pdf").status_code == 200
    assert bookkeeper.get(f"/facturen/{invoice.number}-nlcius.xml").status_code == 404


def test_a_public_body_without_a_reference_is_pointed_out(bookkeeper, hub) -> None:
    invoice = making.issued(making.ggd(hub, purchase_reference=""), owed())

    page = bookkeeper.get(f"/facturen/{invoice.number}").content.decode()

    assert "gaf geen inkoopreferentie op" in page


def test_a_tenant_gets_the_files_of_his_own_invoices_and_of_no_others(client, hub) -> None:
    mine, theirs = making.party(hub, "Mijn praktijk"), making.ggd(hub, kvk="00018199")
    numbers = [making.issued(party, owed()).number for party in (mine, theirs)]
    user = cast.user("Anna")
    cast.membership(user, hub, "zzper", mine)
    client.force_login(user)

    answers = [client.get(f"/facturen/{number}-peppol.xml").status_code for number in numbers]

    assert answers == [200, 404]
    assert client.get("/facturen/maand.zip?maand=2026-11").status_code == 403


def test_another_hub_has_other_files(bookkeeper, hub) -> None:
    elsewhere = making.issued(making.party(making.hub("zuid")), owed())

    assert bookkeeper.get(f"/facturen/{elsewhere.number}-nlcius.xml").status_code == 404
    assert bookkeeper.get("/facturen/maand.zip?maand=2026-11").status_code == 404


def test_the_zip_of_a_month_holds_all_its_invoices_by_safe_names(bookkeeper, hub) -> None:
    making.issued(making.ggd(hub), owed())
    making.issued(making.party(hub, "../../etc/passwd\\", kvk=""), owed())
    clerk = cast.staff(hub, "bookkeeper", name="x")
    making.credited(Invoice.objects.get(number="2026-0001"), by=clerk)

    answer = bookkeeper.get("/facturen/maand.zip?maand=2026-11")

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert answer["Content-Disposition"] == 'attachment; filename="facturen-2026-11.zip"'
    assert archive.testzip() is None
    assert archive.namelist() == [
        "factuur-2026-0001.pdf", "factuur-2026-0001-nlcius.xml", "factuur-2026-0001-peppol.xml",
        "factuur-2026-0002.pdf",
    ]  # fmt: skip
    december = bookkeeper.get("/facturen/maand.zip?maand=2026-12")
    names = zipfile.ZipFile(io.BytesIO(b"".join(december.streaming_content))).namelist()
    assert names[0] == "creditfactuur-2026-0003.pdf", (
        "a credit note belongs to the month in which it was made"
    )


def test_the_page_of_the_month_leads_to_its_zip(bookkeeper, hub) -> None:
    making.issued(making.ggd(hub), owed())

    page = bookkeeper.get("/facturen/maand?maand=2026-11").content.decode()

    assert 'href="/facturen/maand.zip?maand=2026-11"' in page
    assert "Alle bestanden van november 2026 (zip)" in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_costs_the_same_few_queries_for_one_invoice_as_for_three(hub, count: int) -> None:
    for each in range(count):
        making.issued(making.party(hub, f"Praktijk {each}", kvk=f"0001820{each}"), *[owed()] * 3)
    documents.send_documents(now=DECEMBER_1)
    invoices = archiving.of_month(hub, NOVEMBER)

    with CaptureQueriesContext(connection) as asked:
        files = [name for row in archiving.rows(invoices) for name, _content in archiving.files(row)]

    assert len(files) == 3 * count
    assert len(asked) == 3 + 3 * count, (
        "the rows, and of each its paper and what its two e-invoices take back"
    )


def test_the_command_writes_three_files_of_each_invoice_and_says_which_has_no_e_invoice(
    hub, tmp_path
) -> None:
    first = making.issued(making.ggd(hub), *making.ORACLE_4)
    second = making.issued(making.party(hub, "Coach De Wit", kvk="", language="en"), owed())

    told = written("2026-11", tmp_path / "nieuw" / "map")

    found = content_of(tmp_path / "nieuw" / "map")
    assert sorted(found) == [
        "factuur-2026-0001-nlcius.xml", "factuur-2026-0001-peppol.xml", "factuur-2026-0001.pdf",
        "invoice-2026-0002.pdf",
    ]  # fmt: skip
    assert found["factuur-2026-0001-peppol.xml"] == einvoice.ubl(first, einvoice.PEPPOL)
    assert found["invoice-2026-0002.pdf"] == documents.paper(second)
    for words in [
        "2026-0001        € 233,83  GGD IJsselland  PDF, UBL NLCIUS, UBL Peppol",
        "Coach De Wit  alleen pdf: Coach De Wit heeft geen KvK-nummer",
        "2 facturen, € 271,33: 4 bestanden nieuw, 0 waren er al.",
    ]:
        assert words in told, told


def test_writing_again_changes_nothing_and_a_dry_run_writes_nothing(hub, tmp_path) -> None:
    making.issued(making.ggd(hub), owed())

    rehearsed = written("2026-11", tmp_path / "map", dry_run=True)
    assert not (tmp_path / "map").exists()
    written("2026-11", tmp_path / "map")
    before = content_of(tmp_path / "map")
    documents.send_documents(now=DECEMBER_1)
    again = written("2026-11", tmp_path / "map")

    assert "Proef: er is niets geschreven." in rehearsed
    assert "3 bestanden nieuw, 0 waren er al" in rehearsed
    assert "0 bestanden nieuw, 3 waren er al" in again
    assert content_of(tmp_path / "map") == before


def test_a_file_with_other_words_is_never_overwritten_and_nothing_else_is_written(hub, tmp_path) -> None:
    making.issued(making.ggd(hub), owed())
    making.issued(making.party(hub, "Coach De Wit", kvk=""), owed())
    (tmp_path / "factuur-2026-0002.pdf").write_bytes(b"eigen werk")

    for options in ({}, {"dry_run": True}):
        with pytest.raises(CommandError, match="bestaat al met een andere inhoud"):
            written("2026-11", tmp_path, **options)

    assert content_of(tmp_path) == {"factuur-2026-0002.pdf": b"eigen werk"}


@pytest.mark.parametrize(
    ("month", "words"),
    [("2026-13", "is geen maand"), ("november", "is geen maand"), ("2026-10", "geen facturen")],
)
def test_what_cannot_be_done_is_said_in_a_sentence(hub, tmp_path, month: str, words: str) -> None:
    making.issued(making.ggd(hub), owed())

    with pytest.raises(CommandError, match=words):
        written(month, tmp_path)


def test_a_folder_that_is_a_file_or_refuses_is_said_in_a_sentence(hub, tmp_path) -> None:
    making.issued(making.ggd(hub), owed())
    (tmp_path / "bestand").write_text("x")
    (tmp_path / "map" / "factuur-2026-0001.pdf").mkdir(parents=True)

    for folder in (
        tmp_path / "bestand",
        tmp_path / "bestand" / "map",
        tmp_path / "map",
        Path("/proc/nergens"),
    ):
        with pytest.raises(CommandError, match=re.escape(str(folder))):
            written("2026-11", folder)


def test_with_two_hubs_one_is_named(hub, tmp_path) -> None:
    making.issued(making.ggd(hub), owed())
    making.hub("zuid")

    with pytest.raises(CommandError, match="--hub"):
        written("2026-11", tmp_path)
    assert "GGD IJsselland" in written("2026-11", tmp_path, hub="locplus")


def test_a_cut_off_write_leaves_no_half_file(hub, tmp_path, monkeypatch) -> None:
    making.issued(making.ggd(hub), owed())

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CommandError, match="No space left"):
        written("2026-11", tmp_path)

    assert content_of(tmp_path) == {}


def test_names_hold_nothing_that_a_folder_does_not(hub) -> None:
    invoice = Invoice(number="2026/..\\0001", language="nl")

    assert naming.xml_name(invoice, "peppol") == "factuur-2026-..-0001-peppol.xml"


def test_the_books_come_with_one_e_invoice_of_each_invoice_of_the_period(bookkeeper, hub, tmp_path) -> None:
    invoice = making.issued(making.ggd(hub), owed())
    making.issued(making.party(hub, "Coach De Wit", kvk=""), owed())

    days = {"van": "2026-12-01", "tot": "2026-12-31"}
    answer = bookkeeper.get("/boeken/e-facturen.zip", days)
    call_command("export_books", *days.values(), str(tmp_path), stdout=io.StringIO())

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {name: archive.read(name) for name in archive.namelist()} == {
        "factuur-2026-0001.xml": einvoice.ubl(invoice, einvoice.NLCIUS)
    }
    assert answer["Content-Disposition"] == 'attachment; filename="ubl-locplus-20261201-20261231.zip"'
    assert (tmp_path / "ubl-locplus-20261201-20261231.zip").read_bytes() == answer.content
