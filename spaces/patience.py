"""Waiting for what others have locked: three seconds and no longer, and then once more from the start."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

ATTEMPTS = 3
PASSING_TROUBLE = {"40P01", "55P03"}
"""Deadlock detected; lock not available within the time we wait."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def retried(use_case: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Run a whole transaction again, at most twice, when the database could not give a lock in time.

    Raises SpaceBusy when it cannot the third time either; then nothing was written.
    """

    @functools.wraps(use_case)
    def patient(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        for _attempt in range(ATTEMPTS):
            try:
                return use_case(*args, **kwargs)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) not in PASSING_TROUBLE:
                    raise
        raise SpaceBusy

    return patient


class SpaceBusy(Exception):
    """So many want these spaces right now that they could not be locked in time; nothing was written."""


def wait_at_most() -> None:
    """From here on this transaction waits three seconds for a lock, no longer. A second call finds it said already."""
    if any(waits[1] is _patience_ends for waits in connection.run_on_commit):
        return
    with connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '3s'")
    # forgotten by the end of the transaction or a roll back to before it, just as the setting itself
    transaction.on_commit(_patience_ends)


def _patience_ends() -> None:
    """Marks a transaction in which it has been said how long is waited."""
