"""The month's invoices: proposed, approved by a person, issued one by one.

Every step can be cut off anywhere and done again with the same result: rows are the truth.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.models import Hub
from spaces.periods import DAY, local_month
from tenants.billing import checking, drafting, issuing, locking, vat
from tenants.billing.models import RUN_NEXT, Invoice, InvoiceRun, RunState
from tenants.parties.models import Membership, Role, User

logger = logging.getLogger(__name__)


class InvoicingRefused(Exception):
    """A step of invoicing that cannot be done now; `message` is for the person and says what to do next."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class ProposalChanged(InvoicingRefused):
    """Something is different from what was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The proposal has changed since you saw it. Look at it again and approve it then.")
        )


class AlreadyApproved(InvoicingRefused):
    """Somebody was first."""

    def __init__(self) -> None:
        super().__init__(_("These invoices have been approved already."))


class SecondPersonNeeded(InvoicingRefused):
    """Who proposed may not approve as well, while somebody else can."""

    def __init__(self) -> None:
        super().__init__(
            _("You made this proposal, so somebody else approves it: another bookkeeper, or the director.")
        )


class NothingToInvoice(InvoicingRefused):
    """No draft to issue."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to invoice."))


class HubIncomplete(InvoicingRefused):
    """The law wants more about the seller than is known."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            ngettext(
                "An invoice must name our %(names)s. Complete it first.",
                "An invoice must name our %(names)s. Complete them first.",
                len(missing),
            )
            % {"names": ", ".join(missing)}
        )


class DoesNotAddUp(InvoicingRefused):
    """Lines, VAT and totals of a draft disagree: somebody wrote past the use-cases."""

    def __init__(self, draft: Invoice) -> None:
        super().__init__(
            _("The invoice for %(party)s does not add up and was not issued. Ask for technical help.")
            % {"party": draft.party.name}
        )


def last_day(hub: Hub, *, month: date, now: datetime) -> date:
    """Until when services are invoiced: the end of `month`, or yesterday while the month goes on."""
    end = local_month(month, zone=hub.zone).end.astimezone(hub.zone).date() - DAY
    return min(end, now.astimezone(hub.zone).date() - DAY)


@transaction.atomic(durable=True)
def propose(hub: Hub, *, month: date, by: User | None = None, now: datetime) -> InvoiceRun:
    """Make or renew the proposal for `month` (any day in it): a draft for each party that owes something.

    Takes every charge on no invoice yet that is paid in advance and begins by the end of the month, and every other
    one whose service has ended by then and before today; also of earlier months. Changes nothing when nothing changed;
    a run that is approved already is returned as it is. A month whose run is issued gets a new one for what came after.
    `by` is remembered as who proposed: somebody else has to approve. Without it who did stays who did.
    """
    run = _locked(_open_run(hub, month.replace(day=1)).pk)
    if run.state == RunState.PROPOSED:
        drafting.rebuild(run, until=last_day(hub, month=run.month, now=now))
        if by is not None and run.proposed_by_id != by.pk:
            run.proposed_by = by
            run.save(update_fields=["proposed_by"])
    return run


def drafts_of(run: InvoiceRun) -> list[Invoice]:
    """The drafts of `run` with their parties, lines and VAT, by name. Three queries."""
    drafts = run.invoices.drafts().select_related("party").prefetch_related("lines", "vat_lines")
    return list(drafts.order_by("party__name", "pk"))


def fingerprint(drafts: Iterable[Invoice]) -> str:
    """A digest of all that these drafts say, in whatever order; another content has another one."""
    content = sorted(
        [draft.party_id, draft.seller, draft.buyer, str(draft.gross), _lines_of(draft)] for draft in drafts
    )
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


@transaction.atomic(durable=True)
def approve(run: InvoiceRun, *, by: User, seen: str, now: datetime) -> None:
    """Let the drafts of `run` be issued, as the person saw them: `seen` is the fingerprint of what was shown.

    Raises SecondPersonNeeded for who proposed them, AlreadyApproved, HubIncomplete, NothingToInvoice, BooksLocked when
    today is in a closed period, and ProposalChanged when a charge, an address or anything else that the invoices say is
    different by now.
    """
    locked = _locked(run.pk)
    if locked.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    _approve(locked, by=by, seen=seen, now=now)


@transaction.atomic(durable=True)
def approve_alone(run: InvoiceRun, *, by: User, seen: str, now: datetime) -> None:
    """As `approve`, also by who proposed, when no other bookkeeper could; let them enter their password again first."""
    locked = _locked(run.pk)
    if locked.proposed_by_id == by.pk and not may_approve_alone(locked.hub, by):
        raise SecondPersonNeeded
    _approve(locked, by=by, seen=seen, now=now)


def may_approve_alone(hub: Hub, user: User) -> bool:
    """Whether `hub` has no other bookkeeper than `user`. One query."""
    others = Membership.objects.filter(hub=hub, role=Role.BOOKKEEPER, user__is_active=True).exclude(user=user)
    return not others.exists()


def _approve(locked: InvoiceRun, *, by: User, seen: str, now: datetime) -> None:
    locking.raise_if_locked(locked.hub, now.astimezone(locked.hub.zone).date())
    if locked.state != RunState.PROPOSED:
        raise AlreadyApproved
    if missing := checking.missing_of(drafting.seller_of(locked.hub)):
        raise HubIncomplete(missing)
    drafting.rebuild(locked, until=last_day(locked.hub, month=locked.month, now=now))
    drafts = drafts_of(locked)
    if not drafts:
        raise NothingToInvoice
    if seen != fingerprint(drafts):
        raise ProposalChanged
    _enter(locked, RunState.APPROVED, approved_by=by, approved_at=now)


@transaction.atomic(durable=True)
def issue_next(run: InvoiceRun, *, now: datetime) -> Invoice | None:
    """Issue one draft of an approved run: number, dates and payment reference; final from then on.

    None when there is nothing left to issue; the run is then issued itself. Two at once wait for each
    other. Raises HubIncomplete and DoesNotAddUp; nothing has been issued then.
    """
    locked = _locked(run.pk)
    if locked.state != RunState.APPROVED:
        return None
    draft = locked.invoices.drafts().select_related("party", "hub").order_by("party__name", "pk").first()
    if draft is None:
        _enter(locked, RunState.ISSUED, issued_at=now, error="")
        return None
    _raise_if_wrong(draft)
    return issuing.issue(draft, on=now.astimezone(locked.hub.zone).date())


def issue_approved(*, now: datetime, let_through: tuple[type[Exception], ...] = ()) -> int:
    """Issue what has been approved, all hubs; a run that is refused or breaks says so, and the next call tries again.

    No run holds up those after it. An error in `let_through` is no fault of a run (the time of a worker is up)
    and is raised. Returns how many invoices were issued.
    """
    runs = InvoiceRun.objects.approved().select_related("hub")
    return sum(_issue_all(run, now, let_through) for run in runs)


def _issue_all(run: InvoiceRun, now: datetime, let_through: tuple[type[Exception], ...]) -> int:
    issued = 0
    try:
        while issue_next(run, now=now):
            issued += 1
    except (InvoicingRefused, locking.BooksLocked) as refusal:
        _keep_error(run, refusal.message)
    except let_through:
        raise
    except Exception as error:
        logger.exception("Invoice run %s broke off", run.pk)
        words = _("An unexpected error (%(error)s). Ask for technical help; it is being tried again.")
        _keep_error(run, words % {"error": type(error).__name__})
    return issued


def _keep_error(run: InvoiceRun, words: str) -> None:
    """The same error again is no new fact for the change record."""
    InvoiceRun.objects.filter(pk=run.pk).exclude(error=words[:500]).update(error=words[:500])


def _open_run(hub: Hub, month: date) -> InvoiceRun:
    run, _made = InvoiceRun.objects.unfinished().get_or_create(hub=hub, month=month)
    return run


def _locked(pk: int) -> InvoiceRun:
    return InvoiceRun.objects.select_for_update(of=("self",)).select_related("hub").get(pk=pk)


def _enter(run: InvoiceRun, state: RunState, **facts: object) -> None:
    """The only place that changes a run's state. Raises AlreadyApproved when another was first."""
    before = RunState(run.state)
    if state not in RUN_NEXT[before]:
        raise AlreadyApproved
    if not InvoiceRun.objects.filter(pk=run.pk, state=before).update(state=state, **facts):
        raise AlreadyApproved


def _raise_if_wrong(draft: Invoice) -> None:
    if missing := checking.missing_of(draft.seller):
        raise HubIncomplete(missing)
    total = vat.of_document(draft.lines.all())
    stored = [(it.category, it.rate, it.net, it.vat) for it in draft.vat_lines.all()]
    counted = [(it.category, it.taxed.rate, it.taxed.net, it.taxed.vat) for it in total.sums]
    if stored != counted or (draft.net, draft.vat, draft.gross) != (total.net, total.vat, total.gross):
        raise DoesNotAddUp(draft)


def _lines_of(draft: Invoice) -> list[dict[str, Any]]:
    return [drafting.copied(line) for line in draft.lines.all()]
