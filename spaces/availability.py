"""Which spaces are free, and if not why not and when again. Never answered from a cache.

A whole is free when all its parts are; a part never blocks its sibling; a hold that ran out blocks nobody.
No answer names another party.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from spaces import ledger, opening, wording
from spaces.boards import BoardRow, Cell, day_board
from spaces.explaining import Sentence, sentence
from spaces.margins import NO_MARGIN, Margin, around, margin_of
from spaces.models import Claim, Closure, Hub, Space
from spaces.offering import HORIZON, FreeTime, Offer, alternatives, candidates, first_free, next_free
from spaces.opening import Timetable
from spaces.periods import Period, subtract
from spaces.ruling import Rulebook

MOMENT = timedelta(minutes=1)
SOON = timedelta(days=3)
__all__ = [
    "BoardRow",
    "Cell",
    "Found",
    "Offer",
    "Unavailable",
    "alternatives",
    "day_board",
    "first_free",
    "free_now",
    "is_free",
    "let_until",
    "search",
    "why_not",
]


@dataclass(frozen=True)
class Unavailable:
    """A space that cannot be had, why, and the next period of the same length that it can (within 30 days)."""

    space: Space
    why: Sentence
    next_free: Period | None


@dataclass(frozen=True)
class Found:
    """What a search found: both lists in the order of the building."""

    free: list[Space] = field(default_factory=list)
    unavailable: list[Unavailable] = field(default_factory=list)


def search(
    hub: Hub,
    *,
    period: Period,
    kinds: Collection[str] = (),
    features: Collection[str] = (),
    capacity: int = 0,
    rules: Rulebook | None = None,
    now: datetime,
) -> Found:
    """The bookable spaces that are free and open for all of `period`, and the others with the reason.

    `kinds` and `features` (codes) narrow when given; `capacity` is the least number of persons; `rules` are those of
    who looks. The number of queries does not depend on the number of spaces, claims or days.
    """
    spaces = candidates(hub, kinds=kinds, features=features, capacity=capacity)
    ahead = _ahead(period, HORIZON, now=now)
    asked = _Asked(hub, period, ahead, opening.load(hub, period=ahead), ledger.atoms_of(hub), rules, now)
    shut = _shut(spaces, period=period, usual=asked.timetable, rules=rules, now=now)
    possible = [space for space in spaces if space.pk not in shut]
    taken = _taken_spaces(possible, tree=asked.tree, period=period, now=now)
    free = [space for space in possible if space.pk not in taken]
    others = [space for space in spaces if space.pk in shut or space.pk in taken]
    return Found(free, asked.unavailable(others, shut) if others else [])


def is_free(space: Space, *, period: Period, rules: Rulebook | None = None, now: datetime) -> bool:
    """Whether `space` is free and open for all of `period`, and that has not begun yet."""
    usual = opening.load(space.hub, period=period)
    if _shut([space], period=period, usual=usual, rules=rules, now=now):
        return False
    return not _taken_spaces([space], tree=ledger.atoms_of(space.hub), period=period, now=now)


def free_now(hub: Hub, *, now: datetime) -> list[Space] | None:
    """The bookable spaces that nobody has at this moment; None while the hub is closed. Five queries."""
    moment = Period(now, now + MOMENT)
    spaces = candidates(hub)
    if why_shut(hub, period=moment, now=now):
        return None
    tree = ledger.atoms_of(hub)
    atoms = {(atom, NO_MARGIN) for space in spaces for atom in tree[space.pk]}
    in_use = {atom for atom, _margin in ledger.taken_atoms(atoms, period=moment, now=now)}
    return [space for space in spaces if in_use.isdisjoint(tree[space.pk])]


def _taken_spaces(
    spaces: Collection[Space], *, tree: Mapping[int, list[int]], period: Period, now: datetime
) -> set[int]:
    """Which of `spaces` (by pk) cannot be had for `period` with the time to set up and clean around it."""
    wanted = {space.pk: [(atom, margin_of(space)) for atom in tree[space.pk]] for space in spaces}
    atoms = {each for mine in wanted.values() for each in mine}
    taken = ledger.taken_atoms(atoms, period=period, now=now) if atoms else set()
    return {pk for pk, mine in wanted.items() if not taken.isdisjoint(mine)}


def let_until(space: Space, *, now: datetime) -> Sentence | None:
    """Until when (part of) `space` is under lease at this moment; None when it is not. Two queries."""
    moment = Period(now, now + MOMENT)
    atoms = ledger.atoms_of(space.hub)[space.pk]
    found = ledger.claims_during(atoms, period=moment, now=now)
    leases = [claim for claims in found.values() for claim in claims if ledger.is_lease_term(claim)]
    return _let(leases[0], hub=space.hub) if leases else None


def why_shut(hub: Hub, *, period: Period, now: datetime) -> Sentence | None:
    """Why nothing at all can be had in `period`: it is past, or the hub is not open for all of it."""
    if period.start < now:
        return sentence(gettext_noop("Past"))
    return opening.load(hub, period=period).why_closed(period)


def _shut(
    spaces: Iterable[Space], *, period: Period, usual: Timetable, rules: Rulebook | None, now: datetime
) -> dict[int, Sentence]:
    """Why a space cannot be had whoever has it: the time is past, a rule forbids it, or the hub is closed."""
    if period.start < now:
        return dict.fromkeys((space.pk for space in spaces), sentence(gettext_noop("Past")))
    result = {}
    for space in spaces:
        own = rules.of(space) if rules else None
        why = own.refusal(period, now=now, zone=usual.zone) if own else None
        why = why or (own.timetable(usual) if own else usual).why_closed(period)
        if why:
            result[space.pk] = why
    return result


def why_not(
    claims: Sequence[Claim],
    *,
    period: Period,
    margin: Margin = NO_MARGIN,
    reasons: dict[str, str],
    hub: Hub,
) -> Sentence:
    """Why `claims` stand in the way of `period`; `reasons` gives closures their words by holder."""
    if not any(ledger.overlaps(claim, period) for claim in claims):
        return _too_close(claims, period=period, margin=margin, hub=hub)
    blocking = [claim for claim in claims if ledger.overlaps(claim, period)]
    lease = next((claim for claim in blocking if ledger.is_lease_term(claim)), None)
    if lease:
        return _let(lease, hub=hub)
    closure = next((claim for claim in blocking if claim.kind == Claim.Kind.CLOSURE), None)
    if closure:
        return sentence(gettext_noop("Closed: %(reason)s"), reason=reasons.get(closure.holder, wording.DASH))
    if blocking and all(claim.kind == Claim.Kind.HOLD for claim in blocking):
        return sentence(gettext_noop("Someone is booking this time right now"))
    return _taken(claims, period=period, hub=hub)


def _ahead(period: Period, length: timedelta, *, now: datetime) -> Period:
    """From the period wished for (never the past) on, and so much longer."""
    after = max(period.start, now)
    return Period(after, max(period.end, after) + length)


@dataclass(frozen=True)
class _Asked:
    """A wish, the building `ahead` of it as read once, and when and why the rooms that are not free can be had."""

    hub: Hub
    period: Period
    ahead: Period
    timetable: Timetable
    tree: Mapping[int, list[int]]
    rules: Rulebook | None
    now: datetime

    def unavailable(self, spaces: Sequence[Space], shut: Mapping[int, Sentence]) -> list[Unavailable]:
        """Each with its reason. Most are free again within days, so only for the others a month is read."""
        times = {space.pk: time for time in [self._time(spaces, SOON)] for space in spaces}
        coming = {space.pk: self._next(times[space.pk], space) for space in spaces}
        late = [space for space in spaces if coming[space.pk] is None]
        if late:
            times |= {space.pk: time for time in [self._time(late, HORIZON)] for space in late}
            coming |= {space.pk: self._next(times[space.pk], space) for space in late}
        claims = {space.pk: times[space.pk].claims_on(space) for space in spaces}
        reasons = self._reasons(claims.values())
        return [
            Unavailable(
                space, shut.get(space.pk) or self._why(space, claims[space.pk], reasons), coming[space.pk]
            )
            for space in spaces
        ]

    def _time(self, spaces: Sequence[Space], length: timedelta) -> FreeTime:
        return FreeTime(
            self.hub, spaces, period=_ahead(self.period, length, now=self.now), rules=self.rules,
            timetable=self.timetable, tree=self.tree, now=self.now,
        )  # fmt: skip

    def _next(self, time: FreeTime, space: Space) -> Period | None:
        return next_free(time, space, length=self.period.length, after=self.ahead.start)

    def _why(self, space: Space, claims: Sequence[Claim], reasons: dict[str, str]) -> Sentence:
        return why_not(claims, period=self.period, margin=margin_of(space), reasons=reasons, hub=self.hub)

    def _reasons(self, claims: Iterable[Sequence[Claim]]) -> dict[str, str]:
        if not any(claim.kind == Claim.Kind.CLOSURE for mine in claims for claim in mine):
            return {}
        return closure_reasons(self.hub, period=self.ahead)


def closure_reasons(hub: Hub, *, period: Period) -> dict[str, str]:
    """The reason of each closure of a single space, by how it is named in the claims ledger. One query."""
    closures = Closure.objects.filter(hub=hub, space__isnull=False).overlapping(period)
    return {f"closure:{pk}": reason for pk, reason in closures.values_list("pk", "reason")}


def _let(claim: Claim, *, hub: Hub) -> Sentence:
    if claim.ends_at is None:
        return sentence(gettext_noop("Let, with no end agreed"))
    return sentence(gettext_noop("Let until %(day)s"), day=claim.ends_at.astimezone(hub.zone).date())


def _taken(claims: Sequence[Claim], *, period: Period, hub: Hub) -> Sentence:
    """Taken from when (if that is after the start) until the first moment nobody has it again."""
    last = max(claim.ends_at or period.end for claim in claims)
    stretches = ledger.periods_of(
        claims, within=Period(min(period.start, *(c.starts_at for c in claims)), last)
    )
    blocking = [stretch for stretch in stretches if stretch.overlaps(period)]
    until = _moment(blocking[-1].end, day_of=period, hub=hub)
    if len(blocking) == 1 and blocking[0].start > period.start:
        start = _moment(blocking[0].start, day_of=period, hub=hub)
        return sentence(gettext_noop("Taken from %(start)s to %(until)s"), start=start, until=until)
    return sentence(gettext_noop("Taken until %(until)s"), until=until)


def _too_close(claims: Sequence[Claim], *, period: Period, margin: Margin, hub: Hub) -> Sentence:
    """Nobody has it then, but there is no time left to set up or clean between this and a neighbour."""
    near = around(period)
    blocked = ledger.kept_off(claims, margin=margin, within=near)
    free = [piece for piece in subtract([near], blocked) if piece.overlaps(period)]
    if len(free) != 1:
        return sentence(gettext_noop("Too close to another booking: setting up or cleaning needs time"))
    return sentence(
        gettext_noop("Free from %(start)s to %(until)s: setting up or cleaning needs the rest"),
        start=_moment(free[0].start, day_of=period, hub=hub),
        until=_moment(free[0].end, day_of=period, hub=hub),
    )


def _moment(moment: datetime, *, day_of: Period, hub: Hub) -> str | Sentence:
    """The clock, with the day before it when that is not the day of the wish."""
    local = moment.astimezone(hub.zone)
    clock = wording.clock(local.time())
    if local.date() == day_of.start.astimezone(hub.zone).date():
        return clock
    return sentence(gettext_noop("%(day)s %(clock)s"), day=local.date(), clock=clock)
