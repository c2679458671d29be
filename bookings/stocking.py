"""The extras of a hub as staff keep them, and the pieces that are lent."""

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.models import Claim, Extra, Space, SpaceKind

MOST_PIECES = 20


class PieceInUse(Exception):
    """A piece that has been lent stays in the books; `message` says what to do instead."""

    def __init__(self, piece: Space) -> None:
        self.message = _(
            "%(piece)s has been booked before, so it stays. Close it under Closures when it is gone or broken."
        ) % {"piece": piece.name}
        super().__init__(self.message)


@transaction.atomic(durable=True)
def keep(extra: Extra, *, pieces: int) -> Extra:
    """Store the extra with exactly so many pieces to lend (0: it is served). Raises PieceInUse, nothing changed."""
    return add(extra, pieces=pieces)


def add(extra: Extra, *, pieces: int) -> Extra:
    """As `keep`, inside a transaction of the caller."""
    extra.save()
    there = list(extra.pieces.order_by("pk"))
    for piece in there[pieces:]:
        if Claim.objects.filter(space=piece).exists() or piece.additions.exists():
            raise PieceInUse(piece)
        piece.delete()
    for number in range(len(there) + 1, pieces + 1):
        _add(extra, number)
    return extra


def _add(extra: Extra, number: int) -> None:
    """A piece is a space without area that nobody books or rents by itself."""
    Space.objects.create(
        hub=extra.hub, floor=extra.hub.floors.order_by("position")[0], code=f"{extra.code[:16]}-{number}",
        name=f"{extra.name_nl} {number}", kind=SpaceKind.EQUIPMENT, area_m2=0, bookable=False, lettable=False,
        extra=extra,
    )  # fmt: skip
