"""What the workbook says leases cost, and what stays of it once it is decided in Plein."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from spaces.models import Hub
from tenants.billing.models import Charge
from tenants.leases import charging_rent, rent_invariants
from tenants.leases.hub_import import importing
from tenants.leases.models import Lease, LeaseTerms, ServiceAdvance
from tests.cast import NOW
from tests.leases import workbooks
from tests.leases.deeds import again, changes
from tests.leases.workbooks import remarks

pytestmark = pytest.mark.django_db(transaction=True)
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)


def lease(number: str) -> Lease:
    return Lease.objects.get(number=number)


def written() -> list[object]:
    """Every row of what is agreed."""
    return [list(model.objects.order_by("pk").values()) for model in (Lease, LeaseTerms, ServiceAdvance)]


def test_each_lease_has_its_terms_its_advance_and_its_first_month(hub: Hub):
    rows = [
        (row.number, str(row.terms.get().yearly), [str(each.per_month) for each in row.advances.all()],
         row.charged_from.isoformat())
        for row in Lease.objects.order_by("number")
    ]  # fmt: skip
    assert rows == [
        ("HC-2018-01", "32997.63", ["845.00"], "2027-01-01"),
        ("HC-2018-02", "32447.00", ["790.50"], "2026-12-01"),
        ("HC-2018-03", "9933.06", ["280.00"], "2026-12-01"),
        ("HC-2019-01", "19359.00", ["495.00"], "2027-01-01"),
        ("HC-2024-01", "20553.75", ["512.40"], "2026-12-01"),
        ("HC-2027-01", "3436.40", ["84.00"], "2027-04-01"),
    ]


def test_the_same_workbook_again_changes_nothing_also_after_a_month_was_charged(hub: Hub):
    charging_rent.post_month(hub, month=JANUARY, now=NOW)
    before, charges = written(), list(Charge.objects.values())

    importing.store(workbooks.real(), now=NOW)

    assert written() == before
    assert list(Charge.objects.values()) == charges


def test_a_rent_that_was_typed_wrong_is_charged_right_after_the_import(hub: Hub):
    charging_rent.post_month(hub, month=DECEMBER, now=NOW)

    again(Huurcontracten_G5="150")

    accare = lease("HC-2018-02")
    assert accare.terms.count() == 2
    rent = Charge.objects.get(source=f"lease:{accare.pk}:2026-12-01", kind="rent")
    assert rent.net == Decimal("2856.25")
    assert rent_invariants.broken() == []


def test_another_advance_counts_from_the_first_day_that_is_not_charged(hub: Hub):
    charging_rent.post_month(hub, month=DECEMBER, now=NOW)

    again(Huurcontracten_J5="800")

    rows = lease("HC-2018-02").advances.order_by("starts_on")
    assert [(row.starts_on, row.ends_on, str(row.per_month)) for row in rows] == [
        (date(2018, 10, 1), date(2026, 12, 31), "790.50"), (JANUARY, None, "800.00"),
    ]  # fmt: skip
    assert rent_invariants.broken() == []


def test_what_was_amended_in_plein_no_workbook_undoes(hub: Hub):
    accare = lease("HC-2018-02")
    with transaction.atomic():
        row = accare.terms.get()
        row.pk, row.starts_on, row.kind, row.yearly = None, JANUARY, "indexed", Decimal("33258.18")
        row.save(force_insert=True)
        charging_rent.repost(accare, now=NOW)
    before = written()

    plan = again(Huurcontracten_G5="150", Huurcontracten_J5="800", Huurcontracten_G4="139")

    assert changes(plan) == [("HC-2018-01", "Huur €/m²/jaar", "138,50", "139,00")]
    told = (
        "HC-2018-02 was changed in Plein, so this import leaves it as it is. Here it says something else in: "
        "Huur €/m²/jaar, Voorschot servicekosten p/m. Is that right? Then change the lease on its own page."
    )
    assert [text for _place, text in remarks(plan.findings) if "HC-2018-02" in text] == [told]
    assert [each for each in written()[1] if each["lease_id"] == accare.pk] == [
        each for each in before[1] if each["lease_id"] == accare.pk
    ]


def test_what_was_amended_and_the_workbook_agrees_with_needs_no_remark(hub: Hub):
    with transaction.atomic():
        charging_rent.repost(lease("HC-2018-02"), now=NOW)

    plan = again()

    assert not [text for _place, text in remarks(plan.findings) if "leaves it as it is" in text]
