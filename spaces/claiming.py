"""Taking, moving and releasing spaces: the only writer of claims.

The order is always the same: lock the atomic spaces in id order, look for conflicts, write; the
exclusion constraint stands behind it. Locking first is what keeps racing clients free of deadlocks.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import IntegrityError
from django.utils.translation import gettext as _

from spaces import ledger, margins, patience
from spaces.margins import around, margin_for
from spaces.models import Claim, Hub, Space
from spaces.periods import Period

Margin = margins.Margin
NO_MARGIN = margins.NO_MARGIN
FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)
CONSTRAINT = "claims_never_overlap"
retried, wait_at_most, SpaceBusy = patience.retried, patience.wait_at_most, patience.SpaceBusy


class SpaceTaken(Exception):
    """Somebody else has (part of) the space in (part of) the period."""

    def __init__(self, conflicts: Sequence[Claim] = ()) -> None:
        self.conflicts = list(conflicts)
        super().__init__(_("Someone else has just taken this time. Choose another time or room."))


class Piece(NamedTuple):
    """One atomic space for one period, who is to have it, and the time needed around it."""

    space: Space
    period: Period
    holder: str
    margin: Margin = NO_MARGIN


def lock(spaces: Iterable[Space]) -> list[Space]:
    """Lock the atoms of `spaces` in id order until the transaction ends; returns them in that order.

    Looks again once it has them: while it waited, a space may have been divided into parts.
    """
    wait_at_most()
    asked = list(spaces)
    while True:
        rows = Space.objects.atoms_of(*asked).order_by("pk")
        locked = list(rows.select_for_update(of=("self",), no_key=True))
        if [atom.pk for atom in locked] == list(rows.values_list("pk", flat=True)):
            return locked


def lock_in(hub: Hub, spaces: Iterable[Space]) -> tuple[list[Space], dict[int, list[int]]]:
    """As `lock`, for who needs to know as well which atoms each space of the hub has (`ledger.atoms_of`)."""
    wait_at_most()
    asked = list(spaces)
    while True:
        rows = Space.objects.atoms_of(*asked).order_by("pk")
        locked = list(rows.select_for_update(of=("self",), no_key=True))
        tree = ledger.atoms_of(hub)
        if {atom.pk for atom in locked} == {pk for space in asked for pk in tree[space.pk]}:
            return locked, tree


def take(
    spaces: Iterable[Space],
    *,
    period: Period,
    kind: str,
    holder: str,
    expires_at: datetime | None = None,
    margin: Margin = NO_MARGIN,
    now: datetime,
) -> list[Claim]:
    """Claim `spaces` (each whole as its parts) for `period`. Raises SpaceTaken and writes nothing.

    `margin` lies around the period: it may touch another's margin, never its period (see `spaces.margins`).
    Call inside a transaction. Holds that ran out by `now` are cleared on the way.
    """
    return take_until(
        spaces, starts_at=period.start, ends_at=period.end, kind=kind, holder=holder, expires_at=expires_at,
        margin=margin, now=now,
    )  # fmt: skip


def take_until(
    spaces: Iterable[Space],
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    kind: str,
    holder: str,
    expires_at: datetime | None = None,
    margin: Margin = NO_MARGIN,
    now: datetime,
) -> list[Claim]:
    """As `take`, for a claim that may be open-ended (`ends_at` None)."""
    atoms = lock(spaces)
    _clear_expired(atoms, now=now)
    period = Period(starts_at, ends_at or FOR_EVER)
    refuse_conflicts(atoms, period=period, margin=margin_for(kind, margin), holder=holder, now=now)
    return _insert(
        _claim(atom, (starts_at, ends_at), kind=kind, holder=holder, margin=margin, expires_at=expires_at)
        for atom in atoms
    )


def take_each(
    pieces: Sequence[Piece], *, kind: str, locked: Collection[Space] = (), now: datetime
) -> list[Claim]:
    """Claim each atomic space for its own period and holder, all of them or (SpaceTaken) none.

    For the dates of a series and the rooms of a closure: one lock, one look and one insert, however many there are.
    `locked` are atoms that this transaction has from `lock` already. A claim that one of these holders has already
    stands in nobody's way.
    """
    if not pieces:
        return []
    wanted = {piece.space for piece in pieces}
    atoms = list(wanted) if wanted <= set(locked) else lock(wanted)
    _clear_expired(atoms, now=now)
    conflicts = _in_the_way_of(pieces, atoms, kind=kind, now=now)
    if conflicts:
        raise SpaceTaken(conflicts)
    return _insert_each(pieces, kind=kind)


def take_looked_at(pieces: Sequence[Piece], *, kind: str, now: datetime) -> list[Claim]:
    """As `take_each`, for who has looked for conflicts since this transaction locked these spaces.

    The constraint still refuses what should not be.
    """
    _clear_expired({piece.space for piece in pieces}, now=now)
    return _insert_each(pieces, kind=kind)


def _in_the_way_of(
    pieces: Sequence[Piece], atoms: Sequence[Space], *, kind: str, now: datetime
) -> list[Claim]:
    """The claims of others that keep one of the pieces off its time; a closure may lie in others' margins."""
    first = min(piece.period.start for piece in pieces)
    last = max(piece.period.end for piece in pieces)
    holders = {piece.holder for piece in pieces}
    found = ledger.claims_during([atom.pk for atom in atoms], period=around(Period(first, last)), now=now)
    wanted: dict[int, list[Piece]] = {}
    for piece in pieces:
        wanted.setdefault(piece.space.pk, []).append(piece)
    return [
        claim
        for claims in found.values()
        for claim in claims
        if claim.holder not in holders and any(_keeps(claim, piece, kind) for piece in wanted[claim.space_id])
    ]


def _keeps(claim: Claim, piece: Piece, kind: str) -> bool:
    return ledger.keeps(claim, piece.period, margin=margin_for(kind, piece.margin))


def release_during(holder: str, *, period: Period) -> int:
    """Let go of the claims of `holder` that touch `period`; returns how many there were."""
    return Claim.objects.filter(holder=holder, active=True).overlapping(period).update(active=False)


def move(
    holder: str, spaces: Iterable[Space], *, period: Period, margin: Margin = NO_MARGIN, now: datetime
) -> list[Claim]:
    """Give `holder` other spaces or another time in one step; on SpaceTaken it keeps what it had.

    Locks old and new spaces together, so two moves that swap rooms cannot deadlock.
    """
    held = list(Claim.objects.filter(holder=holder, active=True).select_related("space"))
    if not held:
        raise SpaceTaken
    spaces = list(spaces)
    locked = lock([*(claim.space for claim in held), *spaces])
    wanted = set(Space.objects.atoms_of(*spaces).values_list("pk", flat=True))
    atoms = [space for space in locked if space.pk in wanted]
    _clear_expired(atoms, now=now)
    refuse_conflicts(atoms, period=period, margin=margin, holder=holder, now=now)
    release(holder)
    kind, expires_at = held[0].kind, held[0].expires_at
    return _insert(
        _claim(
            atom, (period.start, period.end), kind=kind, holder=holder, margin=margin, expires_at=expires_at
        )
        for atom in atoms
    )


def keep(holder: str, *, kind: str) -> int:
    """Turn the holds of `holder` into lasting claims of `kind`; returns how many there were.

    Fewer than the atoms it held: somebody else took a part when the hold had run out.
    """
    held = Claim.objects.filter(holder=holder, active=True, kind=Claim.Kind.HOLD)
    return held.update(kind=kind, expires_at=None)


def hold_again(holder: str, *, expires_at: datetime) -> int:
    """Turn what `holder` has for good into holds that end by themselves; returns how many there were."""
    return Claim.objects.filter(holder=holder, active=True).update(
        kind=Claim.Kind.HOLD, expires_at=expires_at
    )


def extend(holder: str, *, expires_at: datetime) -> int:
    """Let the holds of `holder` last until `expires_at`; returns how many there were."""
    held = Claim.objects.filter(holder=holder, active=True, kind=Claim.Kind.HOLD)
    return held.update(expires_at=expires_at)


def release(holder: str) -> int:
    """Let go of all that `holder` has; a second call finds nothing and returns 0."""
    return Claim.objects.filter(holder=holder, active=True).update(active=False)


def release_all(holders: Collection[str]) -> int:
    """Let go of all that these holders have, as the dates of a series; returns how many there were."""
    return Claim.objects.filter(holder__in=holders, active=True).update(active=False) if holders else 0


def release_coming(holder: str, *, now: datetime) -> int:
    """Let go of what `holder` has that has not begun by `now`; returns how many there were. The past stays."""
    return Claim.objects.filter(holder=holder, active=True, starts_at__gt=now).update(active=False)


def refuse_conflicts(
    atoms: Sequence[Space], *, period: Period, margin: Margin | None = NO_MARGIN, holder: str, now: datetime
) -> None:
    """Raise SpaceTaken with the claims of others that stand in the way."""
    found = ledger.in_the_way([atom.pk for atom in atoms], period=period, margin=margin, now=now)
    conflicts = [claim for claim in found if claim.holder != holder]
    if conflicts:
        raise SpaceTaken(conflicts)


def _clear_expired(atoms: Collection[Space], *, now: datetime) -> None:
    Claim.objects.filter(space__in=atoms, active=True, expires_at__lte=now).update(active=False)


def _claim(
    space: Space,
    times: tuple[datetime, datetime | None],
    *,
    kind: str,
    holder: str,
    margin: Margin,
    expires_at: datetime | None = None,
) -> Claim:
    return Claim(
        hub_id=space.hub_id, space=space, starts_at=times[0], ends_at=times[1], kind=kind, holder=holder,
        expires_at=expires_at, **margin._asdict(),
    )  # fmt: skip


def _insert_each(pieces: Iterable[Piece], *, kind: str) -> list[Claim]:
    return _insert(
        _claim(it.space, (it.period.start, it.period.end), kind=kind, holder=it.holder, margin=it.margin)
        for it in pieces
    )


def _insert(claims: Iterable[Claim]) -> list[Claim]:
    """Who wants to go on after SpaceTaken takes in an `atomic` of their own."""
    try:
        return Claim.objects.bulk_create(claims)
    except IntegrityError as error:
        if CONSTRAINT in str(error):
            raise SpaceTaken from error
        raise
