"""What somebody looks for without naming a day: how long, what kind, how far ahead; read from the address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.web.filters import FIRST_NEEDS, Chip
from bookings.web.wishing import MOST_PERSONS
from spaces import wording
from spaces.models import DayPart, Feature, Hub, Space, SpaceKind
from spaces.seeking import Search
from spaces.web import typed

LENGTHS = (60, 120, 180, 480)
USUAL_LENGTH = 120
"""In minutes."""
DAYS = (7, 14, 30, 60)
USUAL_DAYS = 30


@dataclass(frozen=True)
class LengthWish:
    """The search, and what was not understood."""

    search: Search
    problems: tuple[str, ...] = ()

    def query_at(self, day: str, starts: str, ends: str, *, space: Space) -> str:
        """The search of the finder at that time, for its address."""
        result = QueryDict(mutable=True)
        result.update({"dag": day, "van": starts, "tot": ends, "ruimte": space.code})
        result.setlist("soort", list(self.search.kinds))
        result.setlist("nodig", list(self.search.features))
        if self.search.persons:
            result["personen"] = str(self.search.persons)
        return result.urlencode()


@dataclass(frozen=True)
class Choices:
    """What there is to choose from at some hubs. Three queries."""

    lengths: Sequence[int]
    day_parts: Collection[int]
    kinds: Sequence[str]
    needs: dict[str, Feature]

    @classmethod
    def at(cls, hubs: Sequence[Hub]) -> "Choices":
        rooms = Space.objects.filter(hub__in=hubs).bookable().order_by()
        kinds = set(rooms.values_list("kind", flat=True).distinct())
        features = Feature.objects.filter(spaces__hub__in=hubs, spaces__bookable=True).distinct()
        parts = {_minutes(part) for part in DayPart.objects.filter(hub__in=hubs)}
        return cls(
            lengths=sorted({*LENGTHS, *parts}),
            day_parts=parts,
            kinds=[kind for kind in SpaceKind.values if kind in kinds],
            needs={feature.code: feature for feature in sorted(features, key=_needed_first)},
        )

    def read(self, params: QueryDict) -> LengthWish:
        """The wish in the parameters; what is not understood gets a sentence, and the rest is kept."""
        problems: list[str] = []
        search = Search(
            length=timedelta(minutes=_number(params, "duur", self.lengths, USUAL_LENGTH, problems)),
            kinds=_known(params, "soort", self.kinds, problems),
            features=_known(params, "nodig", self.needs, problems),
            persons=_persons(params.get("personen", "").strip(), problems),
            days=_number(params, "dagen", DAYS, USUAL_DAYS, problems),
        )
        return LengthWish(search, tuple(problems))

    def chips(self, wish: LengthWish) -> dict[str, Any]:
        """What the form shows, with what was chosen."""
        search, minutes = wish.search, wish.search.length // timedelta(minutes=1)
        needs = [Chip(code, str(it), code in search.features) for code, it in self.needs.items()]
        first = [chip for chip in needs if chip.value in FIRST_NEEDS or chip.checked]
        return {
            "lengths": [self._length(value, value == minutes) for value in self.lengths],
            "kinds": [Chip(it, str(SpaceKind(it).label), it in search.kinds) for it in self.kinds],
            "needs": first,
            "more_needs": [chip for chip in needs if chip not in first],
            "days": [Chip(str(it), _days(it), it == search.days) for it in DAYS],
        }

    def _length(self, minutes: int, checked: bool) -> Chip:  # noqa: FBT001 - a fact, no switch
        hours = wording.hours(Decimal(minutes) / 60)
        if minutes in self.day_parts:
            return Chip(str(minutes), _("part of the day"), checked, note=hours)
        return Chip(str(minutes), hours, checked)


def _days(number: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", number) % {"days": number}


def _minutes(part: DayPart) -> int:
    """On a day on which no clock changes."""
    return (part.ends.hour - part.starts.hour) * 60 + part.ends.minute - part.starts.minute


def _number(params: QueryDict, name: str, known: Sequence[int], usual: int, problems: list[str]) -> int:
    text = params.get(name, "").strip()
    found = next((value for value in known if str(value) == text), None)
    if text and found is None:
        problems.append(_strange(text))
    return usual if found is None else found


def _known(params: QueryDict, name: str, known: Collection[str], problems: list[str]) -> tuple[str, ...]:
    asked = [text for text in params.getlist(name) if text]
    problems.extend(_strange(text) for text in asked[:20] if text not in known)
    return tuple(dict.fromkeys(text for text in asked if text in known))


def _persons(text: str, problems: list[str]) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdigit() and len(text) <= 3 and 0 < int(text) <= MOST_PERSONS:
        return int(text)
    problems.append(_("Write the number of persons in digits, for example 4."))
    return 0


def _strange(text: str) -> str:
    return _("“%(text)s” is not something we have.") % {"text": typed.quoted(text)}


def _needed_first(feature: Feature) -> tuple[int, str]:
    place = FIRST_NEEDS.index(feature.code) if feature.code in FIRST_NEEDS else len(FIRST_NEEDS)
    return place, str(feature)
