"""What collecting out of court may cost: Besluit vergoeding voor buitengerechtelijke incassokosten, article 2."""

from decimal import Decimal

from spaces.money import Euro, euro

TIERS = (
    (Decimal(2_500), Decimal(15)),
    (Decimal(2_500), Decimal(10)),
    (Decimal(5_000), Decimal(5)),
    (Decimal(190_000), Decimal(1)),
)
"""So many euros of the principal, at so many percent; then the next."""
ABOVE = Decimal("0.5")
LEAST, MOST = Decimal(40), Decimal(6_775)


def costs_of(principal: Decimal) -> Euro:
    """The costs for a principal in euros: 125 → 40.00, 2,500 → 375.00, 1,000,000 → 6,775.00; nothing for nothing.

    Several invoices of one debtor are added up first (article 6:96 paragraph 7 BW).
    """
    if principal <= 0:
        return euro(0)
    costs, left = Decimal(0), principal
    for width, percentage in TIERS:
        part = min(left, width)
        costs += part * percentage / 100
        left -= part
    return euro(min(max(costs + left * ABOVE / 100, LEAST), MOST))
