"""Sentences that are stored now and told later, in the language of whoever reads them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from spaces import wording

Sentence = dict[str, Any]
"""{"text": English msgid with %(name)s, "params": {name: param}}, safe to store as JSON.

A param is plain text, {"nl", "en"} (each language has its own), {"day": "2026-11-24"} (dinsdag 24 november),
{"date": "2026-11-24"} (24 november 2026), {"hours": "1.5"}, {"number": "1.5"} or a sentence itself.
"""


def sentence(text: str, **params: Any) -> Sentence:
    """A sentence to store. `text` is an English msgid marked with gettext_noop where it is written.

    Params may be text, a whole number, a date, a timedelta (told as hours), a Decimal (a bare number: write
    amounts with `wording.euro`), a row with a Dutch and an English name, or another sentence. A moment is
    refused with TypeError: say its local day and clock, so that it reads the same in every zone.
    """
    return {"text": text, "params": {name: _storable(value) for name, value in params.items()}}


def tell(stored: Mapping[str, Any], *, today: date | None = None) -> str:
    """The sentence in the active language. Days carry their year, unless it is the year of `today`."""
    params = {name: _told(value, today=today) for name, value in stored["params"].items()}
    return gettext(stored["text"]) % params


def _storable(value: Any) -> str | dict[str, Any]:
    if isinstance(value, str | dict):
        return value
    if isinstance(value, timedelta):
        return {"hours": str(Decimal(value // timedelta(seconds=1)) / 3600)}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"day": value.isoformat()}
    if isinstance(value, int | Decimal):
        return {"number": str(value)}
    if hasattr(value, "name_nl"):
        return {"nl": value.name_nl, "en": value.name_en or value.name_nl}
    raise TypeError(f"a sentence cannot hold {value!r}")


def _told(value: str | Mapping[str, Any], *, today: date | None) -> str:
    if isinstance(value, str):
        return value
    if "text" in value:
        return tell(value, today=today)
    if "day" in value:
        return wording.day(date.fromisoformat(value["day"]), today=today)
    for name, say in _SAID.items():
        if name in value:
            return say(value[name])
    return str(value.get(get_language() or "nl", value["nl"]))


_SAID: dict[str, Callable[[str], str]] = {
    "date": lambda stored: wording.calendar_date(date.fromisoformat(stored)),
    "hours": lambda stored: wording.hours(Decimal(stored)),
    "number": lambda stored: wording.number(Decimal(stored)),
}
