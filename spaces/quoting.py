"""What a quote says: lines, VAT and reasons, and how it is kept as JSON on a booking."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from spaces.explaining import Sentence
from spaces.money import Euro, Taxed, euro

INCLUDED = "included"


@dataclass(frozen=True)
class QuoteLine:
    """A number of one unit: hour, day_part, day, week, or included (hours that a lease already pays)."""

    unit: str
    quantity: Decimal
    unit_price: Decimal
    net: Euro
    description: Sentence
    reason: Sentence


@dataclass(frozen=True)
class Quote:
    """A price with its lines and reasons. The lines exclude VAT; VAT is computed once, over their sum.

    `prepaid_percentage` of what is booked has to be paid when booking, where the hub takes online payments.
    """

    lines: tuple[QuoteLine, ...]
    taxed: Taxed
    vat_treatment: str
    vat_reason: str
    reason: Sentence
    advice: Sentence | None = None
    prepaid_percentage: int = 0

    @property
    def net(self) -> Euro:
        return self.taxed.net

    @property
    def vat(self) -> Euro:
        return self.taxed.vat

    @property
    def gross(self) -> Euro:
        return self.taxed.gross

    @property
    def vat_rate(self) -> Decimal:
        return self.taxed.rate

    @property
    def included_hours(self) -> Decimal:
        """The hours of a lease that this booking uses."""
        return sum((line.quantity for line in self.lines if line.unit == INCLUDED), Decimal(0))

    def as_json(self) -> dict[str, Any]:
        """For a JSONField; amounts are text, so that no cent is lost."""
        return {
            "lines": [_line_as_json(line) for line in self.lines],
            "net": str(self.net),
            "vat": str(self.vat),
            "vat_rate": str(self.vat_rate),
            "vat_treatment": str(self.vat_treatment),
            "vat_reason": self.vat_reason,
            "reason": self.reason,
            "advice": self.advice,
            "prepaid_percentage": self.prepaid_percentage,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Quote":
        """The quote that `as_json` wrote, equal to it."""
        taxed = Taxed(net=euro(data["net"]), vat=euro(data["vat"]), rate=Decimal(data["vat_rate"]))
        return cls(
            lines=tuple(_line_from_json(line) for line in data["lines"]),
            taxed=taxed,
            prepaid_percentage=data.get("prepaid_percentage", 0),  # older quotes do not know of it
            **{name: data[name] for name in ("vat_treatment", "vat_reason", "reason", "advice")},
        )


def _line_as_json(line: QuoteLine) -> dict[str, Any]:
    amounts = {name: str(getattr(line, name)) for name in ("quantity", "unit_price", "net")}
    return {"unit": line.unit, **amounts, "description": line.description, "reason": line.reason}


def _line_from_json(data: Mapping[str, Any]) -> QuoteLine:
    return QuoteLine(
        unit=data["unit"],
        quantity=Decimal(data["quantity"]),
        unit_price=Decimal(data["unit_price"]),
        net=euro(data["net"]),
        description=data["description"],
        reason=data["reason"],
    )
