"""Use-cases that people press for: when the spaces cannot be locked in time they are told so, as any other refusal."""

import contextlib
import functools
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from bookings.refusals import TooBusy
from spaces import claiming

Row = TypeVar("Row")
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def retried(use_case: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """As `claiming.retried`, but the third time it raises TooBusy; then nothing was written."""
    patient = claiming.retried(use_case)

    @functools.wraps(use_case)
    def told(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return patient(*args, **kwargs)
        except claiming.SpaceBusy as busy:
            raise TooBusy from busy

    return told


def swept(deed: Callable[[Row], bool], rows: Iterable[Row]) -> int:
    """How many of `rows` the deed was done to; one that is too busy right now does not keep the others waiting."""
    done = 0
    for row in rows:
        with contextlib.suppress(TooBusy):
            done += deed(row)
    return done
