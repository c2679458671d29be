"""The proposal in lines, for the command, in the active language."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from spaces import wording
from spaces.explaining import tell
from tenants.leases.indexing import applying
from tenants.leases.indexing.applying import Back
from tenants.leases.indexing.proposing import Proposal, Row


def report(proposal: Proposal) -> Iterator[str]:
    """Every lease: what it becomes with its calculation, what is missing, or why it is not its day."""
    yield _("Indexation of %(hub)s on %(day)s") % {
        "hub": proposal.hub.name,
        "day": wording.calendar_date(proposal.on),
    }
    for row in proposal.rows:
        yield from _row(row)
    for each in proposal.not_now:
        yield f"{each.lease.number} {each.lease.party.name}: {each.reason}"
    for lost in proposal.forgotten:
        yield _("Forgotten: %(number)s %(party)s on %(day)s. Run: index_leases %(date)s") % {
            "number": lost.lease.number,
            "party": lost.lease.party.name,
            "day": wording.calendar_date(lost.on),
            "date": lost.on.isoformat(),
        }


def _row(row: Row) -> Iterator[str]:
    name = f"{row.lease.number} {row.lease.party.name}"
    if row.outcome is None or row.calculation is None:
        yield f"{name}: {row.missing}"
        return
    yield _("%(lease)s: %(old)s → %(new)s a year (%(old_month)s → %(new_month)s a month)") % {
        "lease": name,
        "old": wording.euro(row.outcome.old),
        "new": wording.euro(row.outcome.new),
        "old_month": wording.euro(row.old_per_month),
        "new_month": wording.euro(row.new_per_month or 0),
    }
    yield f"  {tell(row.calculation)}"
    for base, other in row.others:
        yield "  " + _("On base %(base)s it would be %(amount)s.") % {
            "base": base,
            "amount": wording.euro(other.new),
        }
    for later in row.later:
        yield "  " + _("From %(day)s, agreed already: %(old)s → %(new)s a year.") % {
            "day": wording.calendar_date(later.terms.starts_on),
            "old": wording.euro(later.outcome.old),
            "new": wording.euro(later.outcome.new),
        }
    yield from _late(row)


def _late(row: Row) -> Iterator[str]:
    for day in row.earlier:
        yield "  " + _(
            "An earlier one was forgotten: %(day)s. After this one it is not offered any more."
        ) % {"day": wording.calendar_date(day)}
    if row.is_late:
        back = applying.steps(row, back=Back.ASKED).back
        yield "  " + _("Back payment until %(day)s: %(amount)s excl. VAT, if you ask it.") % {
            "day": wording.calendar_date(row.first_open),
            "amount": wording.euro(back.total if back else 0),
        }
