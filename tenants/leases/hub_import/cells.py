"""Understanding single cells as a Dutch director types them: texts, numbers, amounts, yes and no."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from spaces.money import euro
from tenants.leases.hub_import.findings import Unreadable

T = TypeVar("T")
YES = {"ja", "j", "yes", "y", "x", "waar", "true", "1", "✓", "v"}
NO = {"nee", "n", "no", "onwaar", "false", "0", "neen"}
_MONEY_WORDS = re.compile(
    r"(?i)€|\beur(?:o)?\b|\bexcl\.?(?: btw)?|\bm2\b|m²|\bper (?:uur|dag|dagdeel|maand|keer)\b"
)
MOST = Decimal(10_000_000)


def text(most: int) -> Callable[[Any], str]:
    """A parser for texts of at most `most` characters."""

    def parse(value: Any) -> str:
        result = _as_text(value)
        if len(result) > most:
            raise Unreadable(_("This text is longer than %(most)d characters. Shorten it.") % {"most": most})
        return result

    return parse


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime | date):
        return f"{value.day}-{value.month}-{value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\n", " ").strip()


def code(value: Any) -> str:
    """A room or contract code: 101 as number and "101" as text are the same."""
    return text(20)(value)


def yes_or_no(value: Any) -> bool:
    """ja or nee, a tick, 1 or 0."""
    word = _as_text(value).casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable(_("“%(value)s” is neither yes nor no. Write “ja” or “nee”.") % {"value": word[:40]})


def number(value: Any) -> Decimal:
    """A number or amount: 37.5, "€ 37,50", "1.234,56", "1,234.56", "12,-", "16,40 m²"."""
    if isinstance(value, bool | datetime | date | time | timedelta):
        raise Unreadable(
            _(
                "Here a number is expected, not a date, a time or a tick. Set the cell to “Number” and type it again."
            )
        )
    if isinstance(value, int):
        result = Decimal(value)
    elif isinstance(value, float):
        # Excel calculates in binary: 37.35 may arrive as 37.349999999999994
        result = Decimal(repr(value)) if abs(value) >= MOST else round(Decimal(repr(value)), 8)
    else:
        result = _from_text(str(value))
    if not result.is_finite() or abs(result) >= MOST:
        raise Unreadable(_("The number %(value)s is too large.") % {"value": str(value)[:40]})
    return result.normalize() + 0


def _from_text(typed: str) -> Decimal:
    bare = _MONEY_WORDS.sub("", typed).replace("−", "-").replace("–", "-")
    bare = re.sub(r",\s*[-=]+$", "", re.sub(r"\s", "", bare))
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+", bare):
        raise Unreadable(
            _(
                "“%(value)s” can be read in two ways. Write a thousand as 1.000 and decimals with a comma: 1,50."
            )
            % {"value": typed[:40]}
        )
    for pattern, decimal_mark in (
        (r"-?\d+", ""),
        (r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d+", ","),
        (r"-?\d{1,3}(,\d{3})+\.\d+|-?\d+\.\d+", "."),
    ):
        if re.fullmatch(pattern, bare):
            return _decimal(bare, decimal_mark)
    raise Unreadable(_("“%(value)s” is not a number. Write it as 37,50.") % {"value": typed[:40]})


def _decimal(bare: str, decimal_mark: str) -> Decimal:
    thousands = "," if decimal_mark == "." else "."
    try:
        return Decimal(bare.replace(thousands, "").replace(",", "."))
    except InvalidOperation as error:
        raise Unreadable(
            _("“%(value)s” is not a number. Write it as 37,50.") % {"value": bare[:40]}
        ) from error


def not_negative(value: Any) -> Decimal:
    """As `number`, zero or more."""
    result = number(value)
    if result < 0:
        raise Unreadable(_("A negative number cannot stand here."))
    return result


def in_cents(value: Any) -> Decimal:
    """As `not_negative`, rounded to two decimals."""
    return euro(not_negative(value))


def whole(value: Any, *, units: str = "") -> int:
    """A whole number of zero or more, also with its unit behind it: "12 maanden"."""
    if isinstance(value, str) and units:
        value = re.sub(rf"(?i)\s*({units})\.?$", "", value)
    result = not_negative(value)
    if result != result.to_integral_value():
        raise Unreadable(_("Write a whole number, without decimals."))
    return int(result)


def whole_up_to(most: int, *, units: str = "", least: int = 0) -> Callable[[Any], int]:
    """A parser for whole numbers from `least` to `most`."""

    def parse(value: Any) -> int:
        result = whole(value, units=units)
        if not least <= result <= most:
            raise Unreadable(_("Write a number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return result

    return parse


def percentage(value: Any) -> Decimal:
    """21, "21%", "21 %" and a cell in percentage format (0.21) are all 21."""
    if isinstance(value, str):
        return not_negative(value.replace("%", ""))
    result = not_negative(value)
    return result * 100 if 0 < result < 1 else result


def one_of(words: Mapping[str, T]) -> Callable[[Any], T]:
    """A parser for a fixed list of words, in any case; an unknown word names the ones there are."""

    def parse(value: Any) -> T:
        typed = _as_text(value).casefold()
        for candidate in (typed, typed.replace("-", " "), typed.rstrip(".")):
            if candidate in words:
                return words[candidate]
        close = get_close_matches(typed, words, n=1, cutoff=0.75)
        raise Unreadable(_unknown(typed, close, _shown(words)))

    return parse


def _shown(words: Mapping[str, Any]) -> str:
    """One word for each meaning, the first."""
    first: dict[Any, str] = {}
    for word, meaning in words.items():
        first.setdefault(meaning, word)
    return ", ".join(first.values())


def _unknown(typed: str, close: list[str], known: str) -> str:
    if close:
        return _("“%(value)s” is not known here. Do you mean “%(close)s”? Possible are: %(known)s.") % {
            "value": typed[:40],
            "close": close[0],
            "known": known,
        }
    return _("“%(value)s” is not known here. Possible are: %(known)s.") % {
        "value": typed[:40],
        "known": known,
    }


def listed(value: Any) -> list[str]:
    """The items of a list in one cell: "101, 102", "201; 202", one below the other, "201 en 202"."""
    items = re.split(r"[,;\n]|\s+(?:en|&|\+)\s+", value if isinstance(value, str) else _as_text(value))
    return [item.strip() for item in items if item.strip()]


def shown_number(value: Decimal) -> str:
    """The Dutch way, as in the workbook: 1.772,40."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
