"""Why Stripe did not do what was asked: it said no, or nobody knows."""


class Refused(Exception):
    """Stripe said no and nothing was done. `code` and `message` are its words (English), for staff and the log."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")


class Unavailable(Exception):
    """The outcome is unknown: it may have been done. Ask again under the same key; never call it a failure."""


class BadSignature(Exception):
    """What came in at the webhook does not come from Stripe, or is no event: nothing of it is kept."""
