"""The bookkeeper and the bank: a statement, what Plein asks about it, credit, direct debit; on a phone and at a desk."""

from collections.abc import Callable

import pytest

from spaces.models import Hub
from tenants.billing.models import BankEntry
from tenants.leases.hub_import import importing
from tenants.parties.models import Party, User
from tests import cast
from tests.banking.statements import DEMO, hub_with_open_items, read_in
from tests.billing import money
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, watch
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(noon: None) -> Hub:
    return hub_with_open_items()


@pytest.fixture
def bookkeeper(hub: Hub) -> User:
    return cast.staff(hub, "bookkeeper")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_every_page_of_money_is_clean_in_both_languages(
    hub: Hub, bookkeeper: User, visit: Callable[..., Visit], viewport: dict[str, int]
) -> None:
    window, width = visit(bookkeeper, viewport=viewport), viewport["width"]
    faults = watch(window.page, window.address)
    window.open("/bank")
    window.page.locator("input[type=file]").set_input_files(str(DEMO / "camt053-2026-11.xml"))
    window.page.locator("main form button").first.click()
    window.page.wait_for_url("**/bank/afschrift/*")
    in_both_languages(window, f"{width}-bank-statement")

    coach = Party.objects.get(hub=hub, name="Coach aan het Plein")
    payment = money.paid(coach, "150.00", by=bookkeeper)
    Party.objects.filter(pk=coach.pk).update(
        mandate_reference="LOC-9", mandate_signed_on=cast.NOW.date(), iban="NL16TRIO9999900858"
    )
    gift = BankEntry.objects.get(amount=125)
    for path, name in (
        ("/bank", "bank"),
        (f"/bank/regel/{gift.pk}?partij={coach.pk}", "bank-entry"),
        (f"/bank/regel/{BankEntry.objects.get(amount=170).pk}", "bank-entry-paid"),
        (f"/ontvangen?partij={coach.pk}", "take-in"),
        ("/tegoed", "credits"),
        (f"/tegoed/betaling/{payment.pk}", "credit"),
        ("/incasso", "debits"),
        ("/incasso/machtigingen", "mandates"),
        (f"/incasso/machtigingen/{coach.pk}", "mandate"),
        ("/beheer/openstaand-inlezen", "open-items"),
    ):
        window.open(path)
        in_both_languages(window, f"{width}-{name}")
    assert faults == []


def test_a_batch_is_made_and_handed_over(hub: Hub, bookkeeper: User, visit: Callable[..., Visit]) -> None:
    Party.objects.filter(name="Coach aan het Plein").update(
        mandate_reference="LOC-9", mandate_signed_on=cast.NOW.date(), iban="NL16TRIO9999900858"
    )
    window = visit(bookkeeper, viewport=DESK)
    window.open("/incasso")
    window.page.locator("main form[method=post] button").click()
    window.page.wait_for_url("**/incasso/*")
    in_both_languages(window, "1280-debit-batch")
    with window.page.expect_download() as download:
        window.page.locator("main a.button--primary").click()
    assert download.value.suggested_filename.startswith("INC-2026-11-2")
    window.tap("button", "De bank heeft het bestand")
    window.sees("aan de bank gegeven")


def test_it_works_without_scripts(hub: Hub, bookkeeper: User, visit: Callable[..., Visit]) -> None:
    read_in(hub)
    window = visit(bookkeeper, viewport=PHONE, scripts=False)
    window.open("/bank")
    window.page.locator(".suggestions button").first.click()
    window.page.locator(".suggestions button").first.click()
    window.page.locator(".movements h3 a").first.click()
    window.page.locator("select[name=partij]").select_option(label="Coach aan het Plein")
    window.page.locator("main form[method=get] button").click()
    window.page.locator("main input[type=checkbox]").first.check()
    window.tap("button", "Boek voor Coach aan het Plein")
    window.sees("2026-0149")
    assert BankEntry.objects.unexplained().count() == 0


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_open_items_are_taken_over(
    noon: None, visit: Callable[..., Visit], viewport: dict[str, int], transactional_db: None
) -> None:
    hub = importing.store(workbooks.real(), now=cast.NOW).hub
    assert hub is not None
    window, width = visit(cast.staff(hub), viewport=viewport), viewport["width"]
    broken = (
        (DEMO / "openstaande-posten.csv")
        .read_bytes()
        .replace(b"Accare;", b"Acare;")
        .replace(b";96,80;96,80", b";96,90;96,80")
    )
    window.open("/beheer/openstaand-inlezen")
    window.page.locator("input[type=file]").set_input_files(
        {"name": "oud.csv", "mimeType": "text/csv", "buffer": broken}
    )
    window.page.locator("main form button").click()
    window.page.wait_for_url("**/openstaand-inlezen/*-*")
    in_both_languages(window, f"{width}-open-items-errors")
    window.open("/beheer/openstaand-inlezen")
    window.page.locator("input[type=file]").set_input_files(str(DEMO / "openstaande-posten.csv"))
    window.page.locator("main form button").click()
    window.page.wait_for_url("**/openstaand-inlezen/*-*")
    in_both_languages(window, f"{width}-open-items-plan")
    window.page.locator("main form button").click()
    window.page.wait_for_url("**/openstaand-inlezen")
    window.sees("14 openstaande posten zijn overgenomen")
