"""What stands in the way of an imported date, in words for staff."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from bookings.models import Booking, ImportedEntry
from spaces.models import Claim, Closure
from tenants.leases.models import FixedDayPart, Lease


def words_of(claims: Iterable[Claim]) -> Mapping[str, str]:
    """A sentence for each claim, by its holder. Five queries at most, however many claims."""
    keys: dict[str, set[str]] = {}
    for claim in claims:
        kind, _colon, key = claim.holder.partition(":")
        keys.setdefault(kind, set()).add(key)
    return {
        f"{kind}:{key}": sentence
        for kind, named in keys.items()
        if kind in _ASK
        for key, sentence in _ASK[kind](named).items()
    }


def closed(closure: Closure) -> str:
    """In words."""
    return _("a closure: %(reason)s") % {"reason": closure.reason}


def _bookings(keys: set[str]) -> dict[str, str]:
    rows = Booking.objects.filter(pk__in=keys).select_related("party")
    return {
        str(row.pk): _("booking %(code)s of %(name)s") % {"code": row.code, "name": row.party.name}
        for row in rows
    }


def _fixed(keys: set[str]) -> dict[str, str]:
    rows = FixedDayPart.objects.filter(pk__in=keys).select_related("party")
    return {str(row.pk): _("the fixed half-day of %(name)s") % {"name": row.party.name} for row in rows}


def _leases(keys: set[str]) -> dict[str, str]:
    rows = Lease.objects.filter(pk__in=keys).select_related("party")
    return {str(row.pk): _("the lease of %(name)s") % {"name": row.party.name} for row in rows}


def _closures(keys: set[str]) -> dict[str, str]:
    return {str(row.pk): closed(row) for row in Closure.objects.filter(pk__in=keys)}


def _entries(keys: set[str]) -> dict[str, str]:
    rows = ImportedEntry.objects.filter(pk__in=keys)
    return {str(row.pk): _("“%(title)s” from an imported calendar") % {"title": row.title} for row in rows}


_ASK = {
    "booking": _bookings,
    "fixed": _fixed,
    "lease": _leases,
    "closure": _closures,
    "entry": _entries,
}
