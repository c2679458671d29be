"""What somebody answered about a lease, as it is kept: plain JSON, read back by the name of the question."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any


class Answers:
    """Reads stored answers; a question that was left open is empty, 0 or None."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told

    def text(self, name: str) -> str:
        return str(self._told.get(name) or "")

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self._told[name]) if self._told.get(name) else None

    def first_day(self, name: str = "starts_on") -> date:
        """A day that is always answered. Raises KeyError."""
        return date.fromisoformat(self._told[name])

    def amount(self, name: str) -> Decimal | None:
        return Decimal(str(self._told[name])) if self._told.get(name) not in (None, "") else None

    def number(self, name: str) -> int:
        return int(self._told.get(name) or 0)

    def rooms(self) -> dict[int, Decimal]:
        """The rooms (by pk) with their m²."""
        return {int(pk): Decimal(area) for pk, area in self._told.get("rooms") or []}

    def payers(self) -> list[tuple[int, Fraction]]:
        """The parties (by pk) with their part; the first is the one the lease is named after."""
        return [(int(pk), Fraction(part)) for pk, part in self._told.get("payers") or []]

    def advances(self) -> dict[int, Decimal]:
        """What is paid in advance each month for each type of service cost (by pk) that was answered."""
        return {int(pk): Decimal(amount) for pk, amount in self._told.get("advances") or []}

    def rows(self, name: str) -> list["Answers"]:
        """A repeated question: each row by itself."""
        return [Answers(row) for row in self._told.get(name) or []]
