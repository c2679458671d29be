"""Indexing a rent as agreed: new terms, the record of how they came about, what was charged, and a letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from spaces.explaining import Sentence, sentence
from spaces.models import Hub
from tenants.leases import charging_rent
from tenants.leases.indexing import backpay, calculation, letters, proposing
from tenants.leases.indexing.backpay import BackPay
from tenants.leases.indexing.figures import Figures
from tenants.leases.indexing.formula import Clause, indexed
from tenants.leases.indexing.proposing import Later, Row
from tenants.leases.indexing.refusals import BackPayUnsaid, IndexChanged, LeaseOver
from tenants.leases.indexing.standing import NEEDED, Course
from tenants.leases.models import Indexation, Lease, LeaseTerms
from tenants.parties.models import User


class Back(models.TextChoices):
    """What happens with the months before the first that nobody has been charged for."""

    UNSAID = "", _("not said")
    ASKED = "asked", _("ask the difference of those months")
    NOT_ASKED = "not_asked", _("ask nothing for those months")


@dataclass(frozen=True)
class Wish:
    """How to index: on which base where there are several, and whether back payment is asked."""

    back: Back = Back.UNSAID
    base: str = ""


@dataclass(frozen=True)
class Steps:
    """The terms that an indexation makes: its own, and those that follow; and what is to be paid back."""

    row: Row
    terms: LeaseTerms
    followers: Sequence[LeaseTerms]
    back: BackPay | None
    calculation: Sentence

    @property
    def new_terms(self) -> list[LeaseTerms]:
        return [self.terms, *self.followers]


def apply(
    hub: Hub, *, on: date, seen: Mapping[int, str], wish: Wish, by: User | None, now: datetime
) -> list[Indexation]:
    """Index these leases (pk → the digest of the row that was agreed to) on `on`; one transaction for each.

    A lease that was indexed on that day is left as it is, so a second call changes nothing. Raises IndexChanged when
    a row is another one by now, BackPayUnsaid when a row is late and nobody said what to do with the months before,
    and LeaseOver when nothing is left to charge; leases before it stay indexed.
    """
    made = (index(pk, hub=hub, on=on, seen=digest, wish=wish, by=by, now=now) for pk, digest in seen.items())
    return [each for each in made if each]


@transaction.atomic(durable=True)
def index(
    pk: int, *, hub: Hub, on: date, seen: str, wish: Wish, by: User | None, now: datetime
) -> Indexation | None:
    """As `apply` for one lease; None when it was indexed on that day already, or is no lease of the hub."""
    lease = (
        Lease.objects.of_hub(hub)
        .select_for_update(of=("self",))
        .select_related("hub", "party")
        .prefetch_related(*NEEDED)
        .filter(pk=pk)
        .first()
    )
    course = Course(lease) if lease else None
    standing = course.standing(on) if course else None
    if course is None or standing is None or standing.done:
        return None
    if not standing.is_due:
        raise IndexChanged
    row = proposing.row(course, on=on, figures=Figures.load(), base=wish.base)
    if row.outcome is None or row.seen != seen:
        raise IndexChanged
    return _store(steps(row, back=wish.back), by=by, now=now)


def steps(row: Row, *, back: Back) -> Steps:
    """What indexing this row makes; nothing is stored. Raises BackPayUnsaid and LeaseOver."""
    if row.is_late and back == Back.UNSAID:
        raise BackPayUnsaid(row.lease)
    effective = row.on if back == Back.ASKED or not row.is_late else row.first_open
    before = row.course.terms_on(effective)
    if before is None:
        raise LeaseOver(row.lease)
    clause = Clause.of(row.terms)
    outcome = indexed(before.yearly, clause=clause, pair=row.pair)
    why = calculation.told(outcome, clause=clause, pair=row.pair)
    explained = _explained(row, why, effective)
    own = _terms(before, starts_on=effective, kind=LeaseTerms.Kind.INDEXED, yearly=outcome.new, on=row.on)
    own.explanation = explained
    later = proposing.followers(row.course, on=row.on, after=effective, clause=clause, pair=row.pair)
    followers = [_follower(row, each, clause) for each in later]
    new = [own, *followers]
    late = (
        backpay.reckon(row.course, on=row.on, new=new, until=row.first_open) if effective == row.on else None
    )
    return Steps(row, own, followers, late, why)


def _store(made: Steps, *, by: User | None, now: datetime) -> Indexation:
    for terms in made.new_terms:
        terms.made_by, terms.made_at = by, now
        terms.save()
    row = made.row
    indexation = Indexation.objects.create(
        lease=row.lease, on=row.on, terms=made.terms, old_yearly=_old(made), new_yearly=made.terms.yearly,
        calculation=made.calculation, made_by=by, made_at=now, **_figures(row),
    )  # fmt: skip
    if made.back:
        backpay.charge(indexation, made.back)
    charging_rent.repost(row.lease, now=now)
    letters.post(indexation, made, now=now)
    return indexation


def _old(made: Steps) -> Any:
    before = made.row.course.terms_on(made.terms.starts_on)
    return before.yearly if before else made.row.terms.yearly


def _figures(row: Row) -> dict[str, Any]:
    if row.pair is None:
        return {}
    old, new = row.pair.old, row.pair.new
    return {
        "base": row.pair.base, "old_month": old.month, "old_value": old.value, "new_month": new.month,
        "new_value": new.value,
    }  # fmt: skip


def _explained(row: Row, why: Sentence, effective: date) -> Sentence:
    if effective == row.on:
        return why
    return sentence(
        gettext_noop(
            "Indexation of %(day)s, charged from %(from)s on; earlier months stay as they were. %(why)s"
        ),
        day={"date": row.on.isoformat()},
        why=why,
        **{"from": {"date": effective.isoformat()}},
    )


def _follower(row: Row, later: Later, clause: Clause) -> LeaseTerms:
    kind = LeaseTerms.Kind(later.terms.kind)
    terms = _terms(
        later.terms, starts_on=later.terms.starts_on, kind=kind, yearly=later.outcome.new, on=row.on
    )
    terms.explanation = sentence(
        gettext_noop("%(before)s Follows the indexation of %(day)s: %(why)s"),
        before=later.terms.explanation,
        day={"date": row.on.isoformat()},
        why=calculation.told(later.outcome, clause=clause, pair=row.pair),
    )
    return terms


def _terms(before: LeaseTerms, *, starts_on: date, kind: str, yearly: Any, on: date) -> LeaseTerms:
    """A copy of terms at another rent, not stored; the rent per m² follows, in four decimals."""
    fields = {field.attname for field in LeaseTerms._meta.concrete_fields if not field.primary_key}  # noqa: SLF001 - documented
    terms = LeaseTerms(**{name: getattr(before, name) for name in fields})
    terms.starts_on, terms.kind, terms.yearly, terms.price_level_on = starts_on, kind, yearly, on
    if before.area_m2:
        terms.rent_per_m2_year = round(yearly / before.area_m2, 4)
    return terms
