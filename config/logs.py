"""Lines in the log: what went wrong and where, never the row it went wrong with."""

import logging
import re

from django.db import Error

ROW = re.compile(
    r"DETAIL:.*?(?=\n\n(?:The above exception was the direct cause|During handling of the above)|\Z)",
    re.DOTALL,
)
"""From where PostgreSQL quotes the values of a row, up to the next exception of the traceback."""


SECRET = re.compile(r"(?<=/)[\w-]{40,}(?=[./?\s\"']|$)")
"""A secret in an address: of a calendar feed, of a screen."""


class WithoutRows(logging.Formatter):
    """Cuts what the database says about a row's values out of messages and tracebacks: they are personal data.

    And the secrets out of addresses: who reads the log may not read along in somebody's calendar.
    """

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("…", ROW.sub("DETAIL: …", super().format(record)))


def in_short(fault: BaseException | None) -> str:
    """The kind of fault; with the database's own first sentence, which names tables and rules but no values."""
    words = str(fault).partition("\n")[0] if isinstance(fault, Error) else ""
    return f"{type(fault).__name__}: {ROW.sub('', words)}".removesuffix(": ")
