"""From what Stripe writes to what we write: integer cents ↔ euros, seconds ↔ moments, an object → its id."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import stripe

from spaces.money import Euro, euro

Row = TypeVar("Row", bound=stripe.StripeObject)


def cents(amount: Decimal) -> int:
    """Euros as whole cents. Raises ValueError for a part of a cent: that is a fault of ours, not to be rounded."""
    scaled = amount * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is not in whole cents")
    return int(scaled)


def euros(amount: int) -> Euro:
    """Whole cents as euros."""
    return euro(Decimal(amount) / 100)


def moment(seconds: int) -> datetime:
    """Seconds since 1970 as a moment in UTC."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def id_of(field: str | stripe.StripeObject | None) -> str:
    """The id in a field that holds an id, the object itself, or nothing."""
    if field is None or isinstance(field, str):
        return field or ""
    return str(field["id"])


def noted(metadata: Any, name: str) -> str:
    """What we wrote with the object under `name`; empty when it is not of us. Such an object is no dict."""
    return str(metadata[name]) if metadata is not None and name in metadata else ""


def every(fetch: Callable[[str], stripe.ListObject[Row]]) -> Iterator[Row]:
    """All rows of a list, page by page; `fetch` gets the id after which its page begins ("" for the first)."""
    after = ""
    while True:
        page = fetch(after)
        yield from page.data
        if not page.has_more or not page.data:
            return
        after = id_of(page.data[-1])
