"""What goes with a room, on forms and pages: the layout, extras and other rooms."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import additions, extras
from bookings.additions import Wish
from bookings.models import Addition, Booking
from spaces import wording
from spaces.models import Extra, Hub, Layout, Space, SpaceKind
from spaces.money import Taxed, euro

NAMES = ("layout", "extras", "rooms")


class ExtrasField(forms.ModelMultipleChoiceField):
    """Extras with their price including VAT."""

    def label_from_instance(self, obj: Extra) -> str:
        gross = Taxed.from_net(obj.price, rate=obj.vat_rate).gross
        words = {
            Extra.Per.BOOKING: _("%(extra)s, %(price)s"),
            Extra.Per.PERSON: _("%(extra)s, %(price)s per person"),
            Extra.Per.HOUR: _("%(extra)s, %(price)s per hour"),
        }
        return words[Extra.Per(obj.per)] % {"extra": obj, "price": wording.euro(gross)}


class RoomsField(forms.ModelMultipleChoiceField):
    """Other rooms for meeting."""

    def label_from_instance(self, obj: Space) -> str:
        return obj.name


class GoingAlong(forms.Form):
    """The fields about what goes with the room; those with nothing to choose are left out."""

    layout = forms.ChoiceField(
        label=gettext_lazy("Layout"),
        required=False,
        choices=[("", gettext_lazy("As the room stands")), *Layout.choices],
    )
    extras = ExtrasField(
        Extra.objects.none(),
        label=gettext_lazy("Extras"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Prices incl. VAT"),
    )
    rooms = RoomsField(
        Space.objects.none(),
        label=gettext_lazy("Other rooms for the same time"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("All together, or nothing is booked."),
    )

    def offer(self, hub: Hub) -> None:
        """Fill in what this hub has to choose from."""
        rooms = Space.objects.of_hub(hub).bookable().filter(kind__in=SpaceKind.for_meeting())
        choices = {"extras": extras.offered(hub), "rooms": rooms.select_related("floor", "hub")}
        for name, rows in choices.items():
            field = self.fields[name]
            field.queryset = rows
            if not rows:
                del self.fields[name]
        if not any(space.layouts.all() for space in rooms.prefetch_related("layouts")):
            del self.fields["layout"]

    @property
    def along(self) -> list[forms.BoundField]:
        """The fields that there are, for the template."""
        return [self[name] for name in NAMES if name in self.fields]

    @property
    def layout_label(self) -> str:
        """The chosen layout in words."""
        return str(Layout(self.wish.layout).label) if self.wish.layout else ""

    @property
    def wish(self) -> Wish:
        """What was chosen, once the form is valid."""
        data = self.cleaned_data
        return Wish(data.get("layout", ""), tuple(data.get("extras", ())), tuple(data.get("rooms", ())))


def page_of(booking: Booking) -> dict[str, Any]:
    """What the pages of a booking show of it. One query."""
    return page(additions.of(booking), room=booking.gross)


def page(rows: Iterable[Addition], *, room: Decimal) -> dict[str, Any]:
    """The same for rows that may not be stored yet; `room` is the price of the room itself, including VAT."""
    listed = list(rows)
    return {
        "additions": listed,
        "additions_vat": _vat(listed),
        "total": euro(room + additions.gross(listed)),
    }


def _vat(rows: Iterable[Addition]) -> list[tuple[Decimal, Decimal]]:
    """The VAT by rate."""
    result: dict[Decimal, Decimal] = {}
    for row in rows:
        result[row.vat_rate] = result.get(row.vat_rate, Decimal(0)) + row.vat
    return [(rate, amount) for rate, amount in sorted(result.items()) if amount]
