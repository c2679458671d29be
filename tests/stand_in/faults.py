"""What can go wrong on the way to Stripe and back, when a test asks for it."""

import threading
from dataclasses import dataclass, field

WAYS = {"before", "after", "dropped", "lost", "slow", "busy", "stuck"}


@dataclass
class Fault:
    """`times` requests whose "method path" begins with `what` go wrong in this `way`; None: until it is mended.

    before   answers 500, and did nothing                 dropped  closes the line, and did nothing
    after    did it, and answers 500                      lost     did it, and closes the line
    stuck    did it, answers 500, and answers that again to the same key (as Stripe keeps a 500)
    slow     answers after `seconds`                      busy     answers 429, and did nothing
    """

    what: str
    way: str
    times: int | None = 1
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.way not in WAYS:
            raise ValueError(self.way)

    def takes(self, asked: str) -> bool:
        """Whether this request goes wrong; counts it."""
        if self.times == 0 or not asked.startswith(self.what):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class Hold:
    """Requests that were done, and whose answers wait until they are let go."""

    what: str
    is_over: threading.Event = field(default_factory=threading.Event)
    _reached: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def wait_for(self, count: int = 1, *, timeout: float = 10.0) -> None:
        """Until so many requests have come. Raises TimeoutError."""
        for _ in range(count):
            if not self._reached.acquire(timeout=timeout):
                raise TimeoutError(f"nobody asked {self.what}")

    def let_go(self) -> None:
        """They get their answers."""
        self.is_over.set()

    def stop_at(self, asked: str) -> None:
        """Wait here, when it is about this."""
        if not self.is_over.is_set() and asked.startswith(self.what):
            self._reached.release()
            self.is_over.wait(60)
