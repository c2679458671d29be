"""The bookkeeper looks at what is open and sends the letters: two languages, two screens, once without scripts."""

from collections.abc import Callable
from datetime import date

import pytest

from tenants.billing.dunning import pausing, plans
from tenants.billing.models import CollectionPause, InterestRate, Reminder
from tests import cast
from tests.billing import books, money
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.looking import in_both_languages, unseen
from tests.dunning.asking import formally_reminded, late

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(noon: None):
    """One party at each step; rates are known until today."""
    made = books.hub()
    clerk = cast.staff(made, "bookkeeper", name="Boekhouder Bos")
    InterestRate.objects.create(
        kind="trade", starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31), percentage=10, source="test"
    )
    parties = {
        name: books.party(made, name) for name in ("Accare", "GGD IJsselland", "Praktijk De Vries", "USG")
    }
    late(parties["Accare"], "2054.17", number="2026-0201", due_on=date(2026, 11, 10))
    late(parties["Accare"], "233.83", number="2026-0188", due_on=date(2026, 9, 14))
    money.paid(parties["USG"], "12.50")
    late(parties["USG"], "850.00", number="2026-0190", due_on=date(2026, 8, 1))
    planned = late(parties["Praktijk De Vries"], "300.00", number="2026-0177", due_on=date(2026, 10, 1))
    paused = late(parties["USG"], "75.00", number="2026-0191", due_on=date(2026, 11, 1))
    late(parties["GGD IJsselland"], "2500.00", number="2024-0012")
    formally_reminded(parties["GGD IJsselland"], clerk)
    plans.agree(
        parties["Praktijk De Vries"], receivables=[planned], note="telefonisch", by=clerk, now=cast.NOW,
        instalments=plans.monthly(planned.amount, first=date(2026, 11, 30), count=3),
    )  # fmt: skip
    pausing.pause(
        parties["USG"], kind=CollectionPause.Kind.DISPUTE, receivable=paused, reason="Verwarming was stuk", by=clerk,
        now=cast.NOW,
    )  # fmt: skip
    made.clerk, made.named = clerk, parties
    return made


@pytest.mark.parametrize(("screen", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_from_what_is_open_to_letters_that_are_sent(
    hub, visit: Callable[..., Visit], screen: dict[str, int], *, scripts: bool
) -> None:
    there = visit(hub.clerk, viewport=screen, scripts=scripts)
    look = in_both_languages if scripts else unseen
    name = f"g-{screen['width']}"
    usg, accare = hub.named["USG"], hub.named["Accare"]
    row = usg.receivables.get(number="2026-0190")
    pages = {
        "open": "/openstaand", "letters": "/openstaand/brieven", "letter": f"/openstaand/brieven/{accare.pk}/reminder",
        "account": f"/openstaand/{usg.pk}", "plan-kept": f"/openstaand/{hub.named['Praktijk De Vries'].pk}",
        "pause": f"/openstaand/{usg.pk}/pauze", "plan": f"/openstaand/{usg.pk}/regeling",
        "instalments": f"/openstaand/{usg.pk}/regeling?receivables={row.pk}&aantal=3&eerste=2026-12-01",
        "write-off": f"/openstaand/post/{row.pk}/afboeken", "handover": "/openstaand/overdragen",
        "ladder": "/openstaand/instellingen", "rates": "/openstaand/rente", "rate": "/openstaand/rente/nieuw",
    }  # fmt: skip
    for each, path in pages.items():
        there.open(path)
        look(there, f"{name}-{each}")

    there.open("/openstaand/brieven")
    there.page.locator("main form:has(input[name=letters]) button[type=submit]").click()
    there.sees("gaat de deur uit")
    assert Reminder.objects.filter(sent_on=date(2026, 11, 21)).count() == 2


def test_a_refused_plan_says_what_to_do(hub, visit: Callable[..., Visit]) -> None:
    there = visit(hub.clerk, viewport=PHONE)
    usg = hub.named["USG"]
    row = usg.receivables.get(number="2026-0190")
    there.open(f"/openstaand/{usg.pk}/regeling?receivables={row.pk}&aantal=2&eerste=2026-12-01")
    there.page.fill("#id_amount-0", "1")
    there.page.locator("main form button.button--primary").click()
    there.sees("Maak ze gelijk")
    there.is_clean("g-390-plan-refused")
