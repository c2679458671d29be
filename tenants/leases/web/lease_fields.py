"""What the forms about leases have in common: answers that can be kept as JSON and filled in again."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import Hub
from spaces.web.fields import DayField, PriceField
from tenants.parties.web.forms import text

CHOOSE = gettext_lazy("Choose…")
A_LIFETIME = timedelta(days=36600)
Pairs = Sequence[tuple[str, ...]]
"""Names of fields that stand side by side."""


def day(label: Any, **kwargs: Any) -> DayField:
    """A day, also one of many years ago or ahead."""
    return DayField(label=label, max_length=24, farthest=A_LIFETIME, **kwargs)


def amount(label: Any, *, least: Decimal | int = 0, **kwargs: Any) -> PriceField:
    """An amount in euros of at most eight digits before the point."""
    digits = {"max_digits": 10, "decimal_places": 2} | kwargs
    return PriceField(label=label, min_value=least, **digits)


def percentage(label: Any, *, least: Decimal = Decimal("0.01"), **kwargs: Any) -> PriceField:
    """A percentage with at most two decimals."""
    return PriceField(label=label, min_value=least, max_value=100, max_digits=5, decimal_places=2, **kwargs)


def months(label: Any, **kwargs: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=120, widget=widget, **kwargs)


class PartField(forms.CharField):
    """A part of a whole: 1/3. One party that pays all: 1."""

    def clean(self, value: Any) -> Any:
        """The part as a Fraction, or None when it may be left out. Raises ValidationError."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            part = Fraction("".join(typed.split()))
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError(_("Write a part as 1/3.")) from error
        if not (0 < part <= 1 and part.denominator <= 10_000):
            raise ValidationError(_("Write a part as 1/3."))
        return part


class LeaseForm(forms.Form):
    """Answers about a lease of a hub. `pairs` stand side by side; names with a dash are pieces of a longer answer."""

    use_required_attribute = False
    pairs: ClassVar[Pairs] = ()

    def __init__(self, data: Any = None, *, hub: Hub, answers: Mapping[str, Any] | None = None) -> None:
        self.hub = hub
        super().__init__(data, initial=dict(answers or {}))
        self.build(answers or {})

    def build(self, answers: Mapping[str, Any]) -> None:
        """Make the fields that depend on the hub, filled in with `answers`."""

    def told(self) -> dict[str, Any]:
        """The answers as JSON."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if "-" not in name}

    def layout(self) -> list[list[BoundField]]:
        """The plain fields, one or several next to each other."""
        rows: list[list[BoundField]] = []
        placed: set[str] = set()
        for field in self.visible_fields():
            if field.name in placed or "-" in field.name:
                continue
            names = next((pair for pair in self.pairs if field.name in pair), (field.name,))
            rows.append([self[name] for name in names if name in self.fields])
            placed |= set(names)
        return rows


class FromForm(LeaseForm):
    """From when on something counts, and why."""

    starts_on = day(gettext_lazy("From which day on?"))
    why = text(
        gettext_lazy("Why?"), length=120, required=False,
        help_text=gettext_lazy("Stands in the history of the lease."),
    )  # fmt: skip
    field_order = ("starts_on",)

    def layout(self) -> list[list[BoundField]]:
        """Why comes last."""
        return sorted(super().layout(), key=lambda row: row[0].name == "why")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | Fraction):
        return str(value)
    return value.pk if isinstance(value, Model) else value
