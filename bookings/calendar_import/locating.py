"""Which room an entry is in: the whole whose calendar it is, or one of its parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from spaces.models import Space

_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_ONLINE = re.compile(
    r"teams|zoom\.|zoom$|google meet|meet\.google|webex|jitsi|https?://|skype|online", re.IGNORECASE
)


@dataclass(frozen=True)
class Rooms:
    """A space and its parts, with the atomic spaces each is made of."""

    whole: Space
    parts: Sequence[Space]

    @classmethod
    def of(cls, space: Space) -> Self:
        """Of a space with its `hub`; one query."""
        return cls(space, list(Space.objects.filter(parent=space).order_by("code")))

    def by_code(self) -> dict[str, Space]:
        return {space.code: space for space in (self.whole, *self.parts)}

    def named(self, location: str) -> str | None:
        """The code of the room that a LOCATION names; None when it names a place that is none of these.

        Empty, a way to meet online, and the address of the hub itself all mean the whole. Several parts are the whole.
        """
        places = [place for place in re.split(r"[;\n]", location) if place.strip()]
        found = {code for place in places for code in self._known(place)}
        unknown = [place for place in places if not self._known(place) and not self._says_nothing(place)]
        if len(found) == 1:
            return found.pop()
        if found or not unknown:
            return self.whole.code
        return None

    def _known(self, place: str) -> set[str]:
        """Also "Plein, Ontmoetingsruimte A": some programs write the building before or after the room."""
        pieces = {_bare(place), *(_bare(piece) for piece in place.split(","))}
        return {
            space.code
            for space in (self.whole, *self.parts)
            if pieces & {_bare(space.name), _bare(space.code), *self._short(space)}
        }

    def _short(self, part: Space) -> set[str]:
        """Just A for Ontmoetingsruimte A, in the calendar of the Ontmoetingsruimte."""
        whole, own = _bare(self.whole.name), _bare(part.name)
        return {own.removeprefix(whole).strip()} - {"", own}

    def _says_nothing(self, place: str) -> bool:
        hub, place = self.whole.hub, _bare(place)
        own = (_bare(words) for words in (hub.name, hub.street, hub.postal_code) if words)
        return bool(_ONLINE.search(place)) or any(words in place for words in own)


def _bare(words: str) -> str:
    return " ".join(_BRACKETS.sub("", words).casefold().split())
