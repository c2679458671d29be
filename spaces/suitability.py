"""Whether a room suits a profession: what is asked of such a room, against what is known of this one.

What the hub has noted for none of the rooms one can book is unknown, not missing: nobody has looked for it yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, gettext_noop

from spaces import wording
from spaces.models import Feature, Hub, Space

MET, MISSING, UNKNOWN = "met", "missing", "unknown"


@dataclass(frozen=True)
class Demand:
    """One thing that is asked of a room: one of these features (codes), or so many m². `name` is its msgid."""

    name: str
    features: tuple[str, ...] = ()
    least_m2: Decimal | None = None

    def verdict(self, space: Space, *, has: Collection[str], noted: Collection[str]) -> str:
        """MET, MISSING or UNKNOWN for a space with the features `has`, in a hub that notes the features `noted`."""
        if self.least_m2 is not None:
            return MET if space.area_m2 >= self.least_m2 else MISSING if space.area_m2 else UNKNOWN
        if any(code in has for code in self.features):
            return MET
        return MISSING if any(code in noted for code in self.features) else UNKNOWN


@dataclass(frozen=True)
class Profile:
    """What a profession asks of a room. `name` and `source` are msgids; `called` what the words for it have in them."""

    code: str
    name: str
    called: tuple[str, ...]
    required: tuple[Demand, ...]
    advised: tuple[Demand, ...]
    source: str

    def __str__(self) -> str:
        return gettext(self.name)


@dataclass(frozen=True)
class Finding:
    """A demand with its verdict for one room, in words for the reader; `advised` is no must."""

    demand: Demand
    verdict: str
    advised: bool
    area: Decimal

    @property
    def name(self) -> str:
        """The demand by itself: "wash basin"."""
        return gettext(self.demand.name)

    @property
    def words(self) -> str:
        """The demand, with the size of the room where it is about that."""
        if self.demand.least_m2 is None or self.verdict == UNKNOWN:
            return self.name
        return gettext("%(demand)s; this room has %(area)s") % {
            "demand": self.name,
            "area": wording.m2(self.area),
        }


SOUND = Demand(gettext_noop("shielded from sound"), ("soundproof",))
SIGHT = Demand(gettext_noop("shielded from view"), ("screened-from-view",))
WHEELCHAIR = Demand(gettext_noop("usable with a disability"), ("wheelchair-accessible",))
WAITING = Demand(gettext_noop("a signed place to wait"), ("waiting-place",))
TOILET = Demand(gettext_noop("its own toilet"), ("own-toilet",))
BASIN = Demand(gettext_noop("a wash basin"), ("wash-basin",))
COUCH = Demand(gettext_noop("a treatment couch"), ("treatment-couch",))
EXERCISE = Demand(gettext_noop("exercise equipment"), ("exercise-equipment",))
MIRROR = Demand(gettext_noop("a mirror"), ("mirror-wall",))
DAYLIGHT = Demand(gettext_noop("daylight"), ("daylight",))
ABOUT_20_M2 = Demand(gettext_noop("about 20 m², without the waiting area"), least_m2=Decimal(18))
"""The association says "about": up to a tenth less will do (house rule)."""

PROFILES = (
    Profile(
        "dietist",
        gettext_noop("dietitian"),
        ("diët", "diet", "voeding"),
        required=(ABOUT_20_M2, SOUND, SIGHT, WHEELCHAIR, WAITING),
        advised=(TOILET,),
        # nvdietist.nl/informatie/praktijkruimte: criteria of the patients' federation and the association
        source=gettext_noop("Dutch association of dietitians (NVD), “Praktijkruimte”"),
    ),
    Profile(
        "fysiotherapeut",
        gettext_noop("physiotherapist"),
        ("fysio", "physio", "oefenth", "manueel"),
        required=(SOUND, SIGHT, WHEELCHAIR, BASIN, COUCH),
        advised=(WAITING, EXERCISE),
        # zorginkoopbeleid.cz.nl, paramedische zorg, bijlage 1
        source=gettext_noop(
            "Health insurer CZ, “Inrichtingseisen paramedische zorg”; couch and exercise equipment: house rule"
        ),
    ),
    Profile(
        "logopedist",
        gettext_noop("speech therapist"),
        ("logoped", "speech"),
        required=(SOUND, SIGHT, WHEELCHAIR),
        advised=(BASIN, WAITING, MIRROR),
        source=gettext_noop("Health insurer CZ, “Inrichtingseisen paramedische zorg”; mirror: house rule"),
    ),
    Profile(
        "psycholoog",
        gettext_noop("psychologist"),
        ("psych", "ggz", "gz-"),
        required=(SOUND, SIGHT),
        advised=(DAYLIGHT, WAITING, WHEELCHAIR),
        source=gettext_noop("house rule: we know of no published norm for the room"),
    ),
)

ACCESS = (
    WHEELCHAIR,
    Demand(gettext_noop("no threshold"), ("no-threshold",)),
    Demand(gettext_noop("a wide door"), ("wide-door",)),
    Demand(gettext_noop("a couch that goes up and down"), ("high-low-couch",)),
    Demand(gettext_noop("a hearing loop"), ("hearing-loop",)),
)
LIFT = Demand(gettext_noop("a lift to this floor"), ("lift",))


def profile(code: str) -> Profile | None:
    """The profile with this code; None for a code that is none."""
    return next((each for each in PROFILES if each.code == code), None)


def profile_of(discipline: str) -> Profile | None:
    """The profile for a discipline as people write it ("Diëtist", "kinderfysiotherapie"); None when we have none."""
    text = discipline.casefold()
    return next((each for each in PROFILES if any(word in text for word in each.called)), None)


def noted_at(hub: Hub) -> frozenset[str]:
    """The codes of the features that the hub has noted for some room that can be booked. One query."""
    bookable = Feature.objects.filter(spaces__hub=hub, spaces__bookable=True)
    return frozenset(bookable.values_list("code", flat=True))


def judge(space: Space, profile: Profile, *, noted: Collection[str]) -> list[Finding]:
    """Each demand of `profile` with its verdict for `space`: what is required first. `noted` is `noted_at(hub)`.

    No query when the features of `space` are prefetched.
    """
    return _findings(space, profile.required, profile.advised, noted=noted)


def access_of(space: Space, *, noted: Collection[str]) -> list[Finding]:
    """What is known about getting into and using `space` with a disability; a lift only where stairs lead there."""
    demands = (*ACCESS, LIFT) if space.floor.position else ACCESS
    return _findings(space, demands, (), noted=noted)


def lacking(space: Space, profile: Profile, *, noted: Collection[str]) -> str:
    """What is required and missing, in one line: "a wash basin, shielded from sound"; empty when nothing is."""
    findings = judge(space, profile, noted=noted)
    return ", ".join(each.name for each in findings if each.verdict == MISSING and not each.advised)


def unknown(findings: Sequence[Finding]) -> list[Finding]:
    """What nobody has noted, so nobody can say."""
    return [each for each in findings if each.verdict == UNKNOWN]


def _findings(
    space: Space, required: Sequence[Demand], advised: Sequence[Demand], *, noted: Collection[str]
) -> list[Finding]:
    has = {feature.code for feature in space.features.all()}
    return [
        Finding(demand, demand.verdict(space, has=has, noted=noted), demand in advised, space.area_m2)
        for demand in (*required, *advised)
    ]
