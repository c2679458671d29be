"""Who changed a booking last, and when: for whoever was changing it at the same time."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps

from bookings.models import Booking
from tenants.parties.models import User


@dataclass(frozen=True)
class LastChange:
    """The change that gave a booking its present version; `who` is empty when the software did it."""

    at: datetime
    who: str


def last_change(booking: Booking) -> LastChange | None:
    """The change after which its sequence was what it is now, from the change record. Two queries at most."""
    events = apps.get_model("bookings", "BookingEvent").objects
    ours = events.filter(pgh_obj=booking.pk, sequence=booking.sequence).select_related("pgh_context")
    event = ours.order_by("pgh_id").first()
    if event is None:
        return None
    user_id = event.pgh_context.metadata.get("user") if event.pgh_context else None
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return LastChange(at=event.pgh_created_at, who=user.name if user else "")
