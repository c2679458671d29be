"""The building: what there is, when it is open, what it costs, and who has it."""

from spaces.models.building import Bilingual, Feature, Floor, Hub, Space, SpaceKind
from spaces.models.claims import Claim
from spaces.models.prices import CancellationStep, Rate, RateGroup
from spaces.models.rules import BookingRule
from spaces.models.setups import Extra, Layout, SpaceLayout
from spaces.models.times import Closure, DayPart, HolidayProposal, OpeningHours

__all__ = [
    "Bilingual",
    "BookingRule",
    "CancellationStep",
    "Claim",
    "Closure",
    "DayPart",
    "Extra",
    "Feature",
    "Floor",
    "HolidayProposal",
    "Hub",
    "Layout",
    "OpeningHours",
    "Rate",
    "RateGroup",
    "Space",
    "SpaceKind",
    "SpaceLayout",
]
