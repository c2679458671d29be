"""How long we wait for Stripe: somebody waits for a page and a thread with them, nobody waits for a task."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

TRIES = 3
PAUSE = 0.5  # seconds before the second try, twice that before the third; each half as long to half longer
LEAST = 1.0  # seconds that must be left to begin a try


@dataclass(frozen=True)
class Patience:
    """Seconds: to get a connection, to wait for an answer, and in all, with every try and pause in between."""

    connect: float
    read: float
    total: float


BRIEF = Patience(connect=3.05, read=8, total=10)
LONG = Patience(connect=3.05, read=20, total=45)  # for each call; letters wait for the worker too

_patience: ContextVar[Patience] = ContextVar("patience", default=BRIEF)
_end: ContextVar[list[float] | None] = ContextVar("end", default=None)
"""When all calls of a page together must have ended; known from the first one on."""


@contextmanager
def patiently() -> Iterator[None]:
    """Inside, each call may take three quarters of a minute. For tasks; also to decorate one with."""
    before, together = _patience.set(LONG), _end.set(None)
    try:
        yield
    finally:
        _patience.reset(before)
        _end.reset(together)


@contextmanager
def within_a_page() -> Iterator[None]:
    """Inside, all calls together take at most ten seconds, however many there are."""
    before = _end.set([])
    try:
        yield
    finally:
        _end.reset(before)


def end() -> float:
    """When the call that begins now must have ended, on the clock of `time.monotonic`."""
    known, ends = _end.get(), time.monotonic() + _patience.get().total
    if known is None:
        return ends
    if not known:
        known.append(ends)
    return known[0]


def pause(attempt: int) -> float:
    """Seconds until the next try: longer each time, and never the same for all who wait for the same thing."""
    return float(PAUSE * 2 ** (attempt - 1) * secrets.SystemRandom().uniform(0.5, 1.5))


def time_limits(left: float) -> tuple[float, float]:
    """Seconds to get a connection and to wait for an answer, together no more than what is `left`."""
    mine = _patience.get()
    connect = min(mine.connect, left / 2)
    return connect, min(mine.read, left - connect)
