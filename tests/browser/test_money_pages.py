"""The tenant's page, the bookkeeper's day and the director's money: two screens, two languages, once without scripts."""

from collections.abc import Callable

import pytest

from spaces.models import Hub
from tenants.billing.models import Receivable
from tenants.parties.models import User
from tests import cast, money_hub
from tests.browser.conftest import DESK, PHONE, SHOTS, Visit
from tests.leases import figures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(noon: None) -> Hub:
    """LOC+ with the index figures of CBS, its December invoices, and one of the old books that is late."""
    made = money_hub.read_in()
    figures.load()
    money_hub.issued(made)
    accare = money_hub.lease("HC-2018-02").party
    Receivable.objects.create(
        hub=made, party=accare, kind="old", number="2026-0099", issued_on="2026-09-01", due_on="2026-09-15", net=1000,
        vat=210, amount=1210,
    )  # fmt: skip
    return made


@pytest.mark.parametrize(("screen", "language"), [(PHONE, "nl"), (DESK, "en"), (DESK, "nl"), (PHONE, "en")])
def test_three_people_look_at_their_money(
    hub: Hub, visit: Callable[..., Visit], screen: dict[str, int], language: str
) -> None:
    people = money_hub.person_of(hub, "Accare"), cast.staff(hub, "bookkeeper"), cast.staff(hub)
    User.objects.update(language=language)
    tenant, bookkeeper, director = (
        visit(person, viewport=screen, scripts=(screen, language) != (PHONE, "nl")) for person in people
    )
    name = f"{screen['width']}-{language}"

    def looks(there: Visit, what: str) -> None:
        """Judged with scripts: axe is one."""
        if (screen, language) == (PHONE, "nl"):
            there.page.screenshot(path=f"{SHOTS}/{what}-{name}.png", full_page=True) if SHOTS else None
        else:
            there.is_clean(f"{what}-{name}")

    tenant.open("/huur")
    tenant.sees("HC-2018-02")
    tenant.page.locator("details summary").first.click()
    looks(tenant, "rent")
    bookkeeper.open("/")
    assert bookkeeper.heading == {"nl": "Vandaag", "en": "Today"}[language]
    looks(bookkeeper, "workday")
    director.open("/overzicht")
    director.page.locator("a[href*='/overzicht/geld']").click()
    director.sees("105.357,38")
    director.page.locator(".explain summary").first.click()
    looks(director, "money")
    for figure in ("huur", "aflopend", "leegstand", "achterstand", "verwachting"):
        director.open(f"/overzicht/{figure}?maand=2026-11")
        looks(director, f"money-{figure}")
