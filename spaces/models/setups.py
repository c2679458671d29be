"""What a room can be made into, and what can be had with it."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models.building import LONGEST_MARGIN, Bilingual, Hub, Space
from spaces.money import VatTreatment


class Layout(models.TextChoices):
    """How the chairs and tables stand (zaalopstelling)."""

    SCHOOL = "school", _("school")
    SQUARE = "square", _("carré")
    THEATRE = "theatre", _("theatre")
    BOARDROOM = "boardroom", _("boardroom")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SpaceLayout(models.Model):
    """A layout this space can have, for how many persons, and the minutes that takes to set up."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="layouts")
    layout = models.CharField(max_length=12, choices=Layout.choices)
    capacity = models.PositiveSmallIntegerField()
    setup_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["space", "layout"]
        constraints = [
            models.UniqueConstraint(fields=["space", "layout"], name="a_layout_once_for_a_space"),
            models.CheckConstraint(
                condition=Q(setup_minutes__lte=LONGEST_MARGIN), name="layout_is_ready_within_four_hours"
            ),
        ]


@pghistory.track()
class Extra(Bilingual):
    """Coffee, a beamer: what can be had with a booking, at a price excluding VAT.

    One with `pieces` (spaces of the kind equipment) is lent: as many at a time as there are. One without is served,
    and must be ordered `lead_minutes` before the start; from then on it is paid, also when the booking is cancelled.
    """

    class Per(models.TextChoices):
        BOOKING = "booking", _("per booking")
        PERSON = "person", _("per person")
        HOUR = "hour", _("per hour")

    hub = models.ForeignKey(Hub, models.CASCADE, related_name="extras")
    code = models.SlugField()
    per = models.CharField(max_length=10, choices=Per.choices, default=Per.BOOKING)
    price = models.DecimalField(max_digits=9, decimal_places=2)
    vat_treatment = models.CharField(max_length=20, choices=VatTreatment.choices)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    vat_reason = models.CharField(max_length=300)
    lead_minutes = models.PositiveIntegerField(default=0)
    offered = models.BooleanField(default=True)
    spaces = models.ManyToManyField(Space, blank=True, related_name="extras")
    """Where it can be had; none named: in every room for meeting."""

    class Meta:
        ordering = ["hub", "code"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "code"], name="one_extra_per_code"),
            models.CheckConstraint(condition=Q(price__gte=0), name="extra_price_not_negative"),
        ]
