"""The building: what there is, when it is open, what it costs, and who has it."""

from spaces.models.building import Bilingual, Feature, Floor, Hub, Space, SpaceKind
from spaces.models.claims import Claim
from spaces.models.prices import CancellationStep, Rate, RateGroup
from spaces.models.times import Closure, DayPart, OpeningHours

__all__ = [
    "Bilingual",
    "CancellationStep",
    "Claim",
    "Closure",
    "DayPart",
    "Feature",
    "Floor",
    "Hub",
    "OpeningHours",
    "Rate",
    "RateGroup",
    "Space",
    "SpaceKind",
]
