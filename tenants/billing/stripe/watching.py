"""What can be seen of the line from outside, kept in the cache for whoever watches: the clock, and refused webhooks."""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

from django.core.cache import cache

log = logging.getLogger(__name__)

CLOCK = "stripe-clock"
REFUSED = "stripe-refused"
DAY = 86_400  # seconds
WEEK = 7 * DAY


def note_clock(headers: Mapping[str, str] | None) -> None:
    """Keep how far our clock is ahead of Stripe's, from the Date of an answer. Without one nothing changes."""
    said = (headers or {}).get("Date")
    if not said:
        return
    try:
        cache.set(CLOCK, time.time() - parsedate_to_datetime(said).timestamp(), WEEK)
    except Exception:  # what was paid must not be lost for what is only watched
        log.warning("stripe: the clock could not be noted", exc_info=True)


def clock_ahead() -> timedelta | None:
    """How far our clock was ahead of Stripe's at the last answer (negative: behind); None when nothing was asked."""
    seconds = cache.get(CLOCK)
    return None if seconds is None else timedelta(seconds=round(seconds))


def count_refused() -> None:
    """One webhook more that was refused today. Not exact under a flood: it is a warning light."""
    name = _name(0)
    cache.set(name, cache.get(name, 0) + 1, 2 * DAY)


def refused_lately() -> int:
    """Webhooks refused today and yesterday (UTC)."""
    return sum(cache.get_many([_name(0), _name(1)]).values())


def _name(days_ago: int) -> str:
    return f"{REFUSED}-{int(time.time() // DAY) - days_ago}"
