"""What a person sees of a start: one line a step, with the time it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from config.wording import in_words


def say(nl: str, en: str) -> None:
    """One line, at once."""
    print(in_words(nl, en), flush=True)


@contextmanager
def step(nl: str, en: str) -> Iterator[None]:
    """`  ✓ words (0.4 s)` when the block is done; the words appear before it begins."""
    words = in_words(nl, en)
    print(f"  … {words}", flush=True)
    began = time.monotonic()
    yield
    print(f"  ✓ {words} ({time.monotonic() - began:.1f} s)", flush=True)
