"""The extras that a booking can have, and the rows with their prices for it; another room is priced likewise."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings.models import Addition, Booking
from bookings.refusals import AdditionRefused, Unpriced
from spaces import pricing, ruling, wording
from spaces.explaining import Sentence, sentence, tell
from spaces.models import Extra, Hub, Space, SpaceKind
from spaces.money import Taxed

MINUTE = timedelta(minutes=1)


def offered(hub: Hub) -> QuerySet[Extra]:
    """The extras that can be had, by name."""
    return Extra.objects.filter(hub=hub, offered=True).order_by("name_nl")


def refuse(booking: Booking, extras: Sequence[Extra], *, now: datetime) -> None:
    """Raise AdditionRefused for the first extra that this booking cannot have; whether all are out is not asked."""
    for extra in extras:
        if extra.per == Extra.Per.PERSON and not booking.persons:
            text = _("%(extra)s is counted per person: fill in the number of persons.")
            raise AdditionRefused(text % {"extra": extra})
        if not _is_offered(extra, booking.space):
            raise _not_there(extra, booking.space)
        if too_late(extra, booking.starts_at, now):
            text = _("It is too late to order %(extra)s: that has to be %(length)s before. Leave it out.")
            raise AdditionRefused(text % {"extra": extra, "length": tell(ruling.spell(extra.lead_minutes))})


def refuse_elsewhere(booking: Booking, extras: Sequence[Extra], *, space: Space) -> None:
    """Raise AdditionRefused for the first of its extras that cannot come along to another room."""
    for extra in extras if space.pk != booking.space_id else ():
        if not _is_for(extra, space):
            raise _not_there(extra, space)


def _not_there(extra: Extra, space: Space) -> AdditionRefused:
    text = _("%(extra)s cannot be had in %(room)s. Leave it out, or choose another room.")
    return AdditionRefused(text % {"extra": extra, "room": space.name})


def _is_offered(extra: Extra, space: Space) -> bool:
    return extra.offered and _is_for(extra, space)


def _is_for(extra: Extra, space: Space) -> bool:
    where = set(extra.spaces.values_list("pk", flat=True))
    return space.pk in where if where else space.kind in SpaceKind.for_meeting()


def too_late(extra: Extra, starts_at: datetime, at: datetime) -> bool:
    """Whether at that moment it cannot be ordered any more for something that starts then."""
    return bool(extra.lead_minutes) and at > starts_at - extra.lead_minutes * MINUTE


def pieces_of(extras: Iterable[Extra]) -> list[Space]:
    """All that there is to lend of these. One query."""
    return list(Space.objects.filter(extra__in=list(extras)).select_related("hub", "floor").order_by("pk"))


def of_room(booking: Booking, room: Space) -> Addition:
    """Another room for the same time. Raises Unpriced."""
    try:
        quote = pricing.quote(room, period=booking.period, rate_group=booking.party.rate_group)
    except pricing.NoPrice as error:
        raise Unpriced(str(error)) from error
    return Addition(
        booking=booking, space=room, quantity=1, unit_price=quote.net,
        description=sentence("%(what)s", what=room.name), reason=quote.reason,
        net=quote.net, vat=quote.vat, gross=quote.gross,
        vat_treatment=quote.vat_treatment, vat_rate=quote.vat_rate, vat_reason=quote.vat_reason,
    )  # fmt: skip


def of_extra(booking: Booking, extra: Extra, piece: Space | None) -> Addition:
    """An extra at its price now; `piece` is what is lent."""
    row = Addition(
        booking=booking, extra=extra, space=piece, unit_price=extra.price,
        vat_treatment=extra.vat_treatment, vat_rate=extra.vat_rate, vat_reason=extra.vat_reason,
    )  # fmt: skip
    return counted(booking, row)


def counted(booking: Booking, row: Addition) -> Addition:
    """How much of an extra the booking takes, at the price it has there."""
    extra = row.extra
    if extra is None:
        return row
    row.quantity, row.description = _quantity(booking, extra)
    row.reason = sentence(_PER[Extra.Per(extra.per)], price=wording.euro(row.unit_price))
    taxed = Taxed.from_net(row.quantity * row.unit_price, rate=row.vat_rate)
    row.net, row.vat, row.gross = taxed.net, taxed.vat, taxed.gross
    return row


_PER = {
    Extra.Per.BOOKING: gettext_noop("%(price)s per booking, excl. VAT"),
    Extra.Per.PERSON: gettext_noop("%(price)s per person, excl. VAT"),
    Extra.Per.HOUR: gettext_noop("%(price)s per hour, excl. VAT"),
}


def _quantity(booking: Booking, extra: Extra) -> tuple[Decimal, Sentence]:
    if extra.per == Extra.Per.PERSON:
        text = gettext_noop("%(what)s, for %(persons)s persons")
        return Decimal(booking.persons or 0), sentence(text, what=extra, persons=booking.persons or 0)
    if extra.per == Extra.Per.HOUR:
        return booking.period.hours, sentence(
            "%(what)s, %(length)s", what=extra, length=booking.period.length
        )
    return Decimal(1), sentence("%(what)s", what=extra)
