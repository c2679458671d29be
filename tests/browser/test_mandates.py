"""A tenant gives a mandate, its month is collected, refused and collected again: two screens, two languages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tenants.billing import documents, invoicing
from tenants.billing.models import OnlinePayment
from tenants.parties.models import Party
from tests import cast
from tests.billing import books
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, unseen
from tests.online.collecting import hub_that_collects, only, payer, sweep, synced
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(settings: Any, live_server: Any) -> None:
    """The page of Stripe leads back here."""
    settings.SITE_URL = live_server.url


def give_mandate(tenant: Visit, stripe_server: StandIn) -> None:
    tenant.tap("button", "Geef een machtiging")
    tenant.page.wait_for_url(f"{stripe_server.url}/**")
    tenant.page.get_by_label("Naam van de rekeninghouder").fill("Anna de Vries")
    tenant.page.locator("input[value=good]").check()
    tenant.page.get_by_role("button", name="Ja, ik geef de machtiging").click()
    tenant.sees("Vanaf nu schrijven we uw facturen af.")
    tenant.sees("eindigt op 5264")


def invoice_and_submit(party: Party, stripe_server: StandIn) -> OnlinePayment:
    """The month is invoiced, the debit announced, and handed to Stripe."""
    books.charge(party)
    books.approve_month(party.hub, now=cast.NOW)
    invoicing.issue_approved(now=cast.NOW)
    documents.send_documents(now=cast.NOW)
    for moment in ("2026-11-30 09:00", "2026-12-03 09:00"):
        sweep(stripe_server, moment)
    return only()


def end_mandate(tenant: Visit, look: Callable[[Visit, str], None], name: str) -> None:
    tenant.open("/machtiging")
    tenant.tap("link", "Beëindig deze machtiging")
    look(tenant, f"{name}-end")
    tenant.tap("button", "Beëindig deze machtiging")
    tenant.sees("De machtiging is beëindigd")
    look(tenant, f"{name}-ended")


@pytest.mark.parametrize(("screen", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_from_the_mandate_to_collected_again(
    site: None,
    stripe_server: StandIn,
    visit: Callable[..., Visit],
    screen: dict[str, int],
    *,
    scripts: bool,
) -> None:
    hub = hub_that_collects()
    user, party = payer(hub)
    bookkeeper = visit(cast.staff(hub, "bookkeeper"), viewport=screen, scripts=scripts)
    tenant = visit(user, viewport=screen, scripts=scripts)
    look, name = in_both_languages if scripts else unseen, f"mandate-{screen['width']}"

    tenant.open("/huur")
    tenant.tap("link", "Laat uw facturen afschrijven")
    look(tenant, f"{name}-none")
    give_mandate(tenant, stripe_server)
    payment = invoice_and_submit(party, stripe_server)
    tenant.open("/machtiging")
    look(tenant, f"{name}-given")
    for path in ("/huur", reverse("account"), "/facturen/2026-0001"):
        tenant.open(path)
        look(tenant, f"{name}{path.replace('/', '-')}")

    stripe_server.fail(payment.intent_id, "insufficient_funds")
    synced(payment, "2026-12-08 09:00")
    bookkeeper.open("/incasso/online")
    look(bookkeeper, f"{name}-came-back")
    bookkeeper.tap("button", "Incasseer opnieuw")
    bookkeeper.sees("de partij krijgt er een brief over")
    look(bookkeeper, f"{name}-again")
    bookkeeper.open("/incasso/machtigingen")
    look(bookkeeper, f"{name}-staff")
    bookkeeper.tap("link", "Trek in")
    look(bookkeeper, f"{name}-staff-end")
    end_mandate(tenant, look, name)
