"""Documents of a lease: a real PDF comes in, anything else stays out, and only who may gets it, as a download."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from tenants.leases import lease_documents, summary
from tenants.leases.contracts import standing
from tenants.leases.lease_documents import MAX_BYTES, DocumentRefused
from tenants.leases.models import LeaseDocument
from tenants.parties.models import Role
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as there:
        there.writestr("evil.exe", "MZ")
    return made.getvalue()


HOSTILE = {
    "empty": b"",
    "a page": b"<html><script>alert(1)</script></html>",
    "a program": b"MZ\x90\x00" + PDF,
    "a pdf that begins later": b"\n" + PDF,
    "a pdf after a picture": b"\x89PNG\r\n\x1a\n" + PDF,
    "only the first words": b"%PDF-",
    "a page behind the first words": b"%PDF-<script>alert(1)</script>",
    "a page in disguise": b"%PDF-1.7\n<html><script>alert(1)</script></html>",
    "without an end": PDF[:-7],
    "an archive behind it": PDF + archive(),
    "an archive in front": archive() + PDF,
    "a page behind it": PDF + b"<html><script>alert(1)</script>",
    "an archive that hides its end": PDF[:-24]
    + archive()[:-2]
    + b"\x18\x00"
    + b"\nstartxref\n9\n%%EOF\n    ",
    "a spreadsheet": b"PK\x03\x04rest",
    "too large": PDF[:-24] + b" " * MAX_BYTES + PDF[-24:],
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_pdf_or_more_than_one_is_refused(content):
    with pytest.raises(DocumentRefused):
        lease_documents.raise_if_no_pdf(content)


def test_a_pdf_is_taken_also_when_a_scanner_pads_it():
    lease_documents.raise_if_no_pdf(PDF)
    lease_documents.raise_if_no_pdf(PDF.replace(b"\n", b"\r\n") + b"\x00\x00\r\n")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Huurcontract 2027.pdf", "Huurcontract 2027.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\map\\x.PDF", "x.pdf"),
        ("contract\u202efdp.exe", "contractfdp.exe.pdf"),
        ('a"; filename="b.html', "a; filename=b.html.pdf"),
        ("regel\r\nSet-Cookie: x", "regelSet-Cookie x.pdf"),
        (".pdf", "document.pdf"),
        ("a" * 500, "a" * 120 + ".pdf"),
    ],
)
def test_names_are_harmless_on_every_computer(name, kept):
    assert lease_documents.file_name(name) == kept


@pytest.fixture
def lease(transactional_db):
    hub = cast.hub()
    user, party = cast.tenant(hub, "Accare")
    made = cast.lease(party, rooms=[cast.space(hub)])
    made.manager = user
    return made


def hand_in(lease, content=PDF, name="contract.pdf", user=None):
    user = user or cast.staff(lease.hub)
    file = SimpleUploadedFile(name, content, content_type="text/html")
    path = f"/beheer/contracten/{lease.pk}/document"
    return client_of(user).post(path, {"document": file})


def test_a_document_comes_back_as_it_was_and_only_as_a_download(lease):
    assert hand_in(lease).status_code == 302
    row = LeaseDocument.objects.get()
    answer = client_of(cast.staff(lease.hub)).get(f"/beheer/contracten/{lease.pk}/document/{row.pk}")

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="contract.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_the_same_document_twice_is_there_once(lease):
    hand_in(lease)
    hand_in(lease, name="nog eens.pdf")

    assert LeaseDocument.objects.count() == 1


@pytest.mark.parametrize("name", ["a page in disguise", "an archive behind it", "too large"])
def test_the_page_says_what_is_wrong_and_stores_nothing(lease, name):
    answer = hand_in(lease, HOSTILE[name])

    assert (answer.status_code, LeaseDocument.objects.count()) == (422, 0)


def test_only_the_books_the_director_and_who_manages_the_tenant_see_it(lease):
    hand_in(lease)
    path = f"/beheer/contracten/{lease.pk}/document/{LeaseDocument.objects.get().pk}"
    member = cast.user("Lid")
    cast.membership(member, lease.hub, Role.TENANT_MEMBER, lease.party)
    two_hats = cast.tenant(lease.hub, "GGD")[0]  # manages another tenant, and is a mere member here
    cast.membership(two_hats, lease.hub, Role.TENANT_MEMBER, lease.party)
    people = {
        "director": cast.staff(lease.hub), "bookkeeper": cast.staff(lease.hub, "bookkeeper"),
        "manager": lease.manager, "reception": cast.staff(lease.hub, "reception"), "member": member,
        "other tenant": cast.tenant(lease.hub, "Tactus")[0], "two hats": two_hats,
        "other hub": cast.staff(cast.hub("elders")),
    }  # fmt: skip

    seen = {who: client_of(user).get(path).status_code for who, user in people.items()}

    assert seen == {
        "director": 200, "bookkeeper": 200, "manager": 200, "reception": 403, "member": 403, "other tenant": 404,
        "two hats": 404, "other hub": 404,
    }  # fmt: skip


def test_a_document_of_another_lease_is_not_found_under_this_one(lease):
    hand_in(lease)
    other = cast.lease(cast.tenant(lease.hub, "GGD")[1], number="HC-2")
    path = f"/beheer/contracten/{other.pk}/document/{LeaseDocument.objects.get().pk}"

    assert client_of(cast.staff(lease.hub)).get(path).status_code == 404


def test_only_the_director_hands_in(lease):
    for role in ("bookkeeper", "reception"):
        assert hand_in(lease, user=cast.staff(lease.hub, role)).status_code == 403
    assert hand_in(lease, user=cast.staff(cast.hub("elders"))).status_code == 404


@pytest.mark.parametrize(
    ("language", "words", "name"), [("nl", "Samenvatting", "contract"), ("en", "Summary", "lease")]
)
def test_the_summary_is_a_pdf_in_both_languages(lease, language, words, name):
    made = summary.pdf(standing.whole(lease.pk), language=language, now=NOW)
    text = PdfReader(io.BytesIO(made)).pages[0].extract_text()

    assert words in text
    assert "2.263,20" in text
    assert summary.file_name(lease, language=language) == f"{name}-HC-1.pdf"
    lease_documents.raise_if_no_pdf(made)
