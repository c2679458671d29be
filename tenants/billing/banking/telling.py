"""A movement in one line: when, how much, who, and what it paid."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing.banking import suggesting
from tenants.billing.models import Allocation, BankEntry, Payment


def line(entry: BankEntry, *, is_new: bool = True) -> str:
    """One line for a terminal, in columns: day, amount, who, what it paid; and whether it was here already."""
    amount = wording.euro_column(entry.amount).strip().replace(wording.NBSP, " ")
    who = " ".join((entry.name or entry.text.replace("\n", " ")).split())[:32]
    known = "" if is_new else " · " + _("was read in before")
    return f"{entry.booked_on:%d-%m-%Y}  {amount:>13}  {who:<32}  {what(entry)}{known}"


def what(entry: BankEntry) -> str:
    """What it paid, in words; or that nobody knows yet. Two queries."""
    if entry.account_id:
        return _("booked on %(account)s") % {"account": entry.account}
    told = [_payment(payment) for payment in _standing(entry)]
    return "; ".join(told) or _unexplained(entry)


def _unexplained(entry: BankEntry) -> str:
    row = BankEntry.objects.with_unexplained().get(pk=entry.pk)
    suggestions = suggesting.of([row])[row.pk]
    if not suggestions:
        return _("not explained yet")
    return _("not explained yet; suggestion: %(words)s") % {"words": suggestions[0].words}


def _standing(entry: BankEntry) -> list[Payment]:
    """Its payments, without what was undone by hand: that stands on the same entry twice."""
    rows = entry.payments.filter(amount__gt=0) if entry.amount > 0 else entry.payments.filter(amount__lt=0)
    rows = (
        rows.exclude(reversed_by__entry=entry)
        .select_related("party", "reverses", "reversed_by")
        .with_unused()
    )
    return list(rows.prefetch_related("allocations__receivable"))


def _payment(payment: Payment) -> str:
    if payment.reverses:
        numbers = _numbers(payment.reverses.allocations.filter(undone_by__isnull=False, undoes__isnull=True))
        return _("came back, open again: %(numbers)s (%(reason)s)") % {
            "numbers": numbers or payment.party.name,
            "reason": payment.reason,
        }
    is_back = hasattr(payment, "reversed_by")
    rows = [each for each in payment.allocations.all() if not each.undoes_id]
    undone = set() if is_back else {each.undoes_id for each in payment.allocations.all()}
    told = [_allocation(each) for each in rows if each.pk not in undone]
    if is_back:
        told.append(_("taken back"))
    if payment.unused_amount > 0:
        told.append(
            _("credit of %(party)s %(amount)s")
            % {"party": payment.party.name, "amount": wording.euro(payment.unused_amount)}
        )
    return ", ".join(told) or payment.party.name


def _allocation(row: Allocation) -> str:
    return _("%(number)s %(amount)s (%(rule)s)") % {
        "number": row.receivable.number,
        "amount": wording.euro(row.amount),
        "rule": row.get_rule_display(),
    }


def _numbers(rows: QuerySet[Allocation]) -> str:
    return ", ".join(row.receivable.number for row in rows.select_related("receivable"))
