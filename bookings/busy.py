"""Use-cases that people press for: when the spaces cannot be locked in time they are told so, as any other refusal."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from bookings.refusals import TooBusy
from spaces import claiming

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
