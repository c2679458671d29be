"""Asking for a price, and what it is made of, in few words."""

from django.utils.translation import override

from spaces import pricing
from spaces.explaining import tell
from spaces.models import Space
from spaces.pricing import Quote
from tests import cast
from tests.cast import between

TUESDAY = "2026-11-24"


def quote(space: Space, start: str, end: str, **options: object) -> Quote:
    period = between(start if "-" in start else f"{TUESDAY} {start}", end)
    return pricing.quote(space, period=period, rate_group=cast.rate_group(space.hub), **options)  # type: ignore[arg-type]


def blocks(found: Quote) -> list[tuple[str, str, str]]:
    return [(line.unit, f"{line.quantity.normalize():f}", str(line.net)) for line in found.lines]


def told(found: Quote) -> str:
    with override("en"):
        return tell(found.reason)


# The oracles of the money rules, by number.
