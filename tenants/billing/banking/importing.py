"""A bank statement read in: each movement once, and what it names is paid at once."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from spaces.models import Hub
from tenants.billing import allocating, locking
from tenants.billing.banking import matching, paying_off, reading, telling
from tenants.billing.banking.reading import Movement, Statement
from tenants.billing.banking.refusals import ChangedByTheBank, StatementRefused, WrongAccount
from tenants.billing.books import accounts
from tenants.billing.models import BankEntry, BankStatement, Receivable
from tenants.billing.online import payouts
from tenants.parties.models import User

_LOCK = 0x62616E6B
"""One import of a hub at a time: the same file sent twice at once is read in once."""


@dataclass
class Imported:
    """What a file brought: every movement in its order with a line that tells it, and which of them are new."""

    entries: list[BankEntry] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    statements: list[BankStatement] = field(default_factory=list)


def store(content: bytes, *, hub: Hub, by: User | None = None, now: datetime) -> Imported:
    """Read a file in, all of it or nothing. A movement that is here already is not added, whatever statement it is in.

    One that paid nothing then may name what is open by now: it pays it.

    Raises StatementRefused: no statement, of another account, in another currency, sums that are wrong, closed books.
    """
    statements = reading.read(content)
    with transaction.atomic(durable=True):
        return _stored(statements, hub=hub, by=by, now=now)


def look(content: bytes, *, hub: Hub, by: User | None = None, now: datetime) -> Imported:
    """What `store` would bring: it is done and then taken back, so nothing is told that would not happen."""
    statements = reading.read(content)
    with transaction.atomic(durable=True):
        found = _stored(statements, hub=hub, by=by, now=now)
        transaction.set_rollback(True)
    return found


def _stored(statements: list[Statement], *, hub: Hub, by: User | None, now: datetime) -> Imported:
    _one_at_a_time(hub)
    accounts.by_role(hub)  # so that there are accounts to choose from for what is no party's
    result = Imported()
    for statement in statements:
        if statement.iban != hub.iban.replace(" ", "").upper():
            raise WrongAccount(statement.iban or "?", hub.iban)
        _keep(statement, result, hub=hub, by=by, now=now)
    try:
        _match(_untouched(result.entries), hub=hub, by=by, now=now)
    except locking.BooksLocked as locked:
        raise StatementRefused(locked.message) from locked
    result.lines = [telling.line(entry, is_new=entry.pk in result.new) for entry in result.entries]
    return result


def _untouched(entries: Iterable[BankEntry]) -> list[BankEntry]:
    """Those that nobody has paid with or booked yet: new ones, and what named nothing when it was read in before."""
    touched = BankEntry.objects.filter(pk__in=[entry.pk for entry in entries]).exclude(
        payments=None, account=None
    )
    done = set(touched.values_list("pk", flat=True))
    return [entry for entry in entries if entry.pk not in done]


def _one_at_a_time(hub: Hub) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, hub.pk])


def _keep(statement: Statement, result: Imported, *, hub: Hub, by: User | None, now: datetime) -> None:
    """Store the statement and those of its movements that are not here yet."""
    facts = {
        "from_on": statement.from_on, "until_on": statement.until_on, "opening": statement.opening,
        "closing": statement.closing,
    }  # fmt: skip
    keys = list(_keys(statement))
    known = {entry.key: entry for entry in BankEntry.objects.filter(hub=hub, key__in=keys)}
    row, _made = BankStatement.objects.get_or_create(
        hub=hub,
        iban=statement.iban,
        reference=_reference(statement, hub=hub),
        defaults=facts | {"imported_by": by, "imported_at": now},
    )
    result.statements.append(row)
    for key, movement in zip(keys, statement.movements, strict=True):
        entry = known.get(key) or BankEntry.objects.create(
            statement=row, hub=hub, key=key, **_facts(movement)
        )
        if entry.amount != movement.amount:
            raise ChangedByTheBank(movement.booked_on, movement.amount, entry.amount)
        result.entries.append(entry)
        if key not in known:
            result.new.add(entry.pk)


def _reference(statement: Statement, *, hub: Hub) -> str:
    """What the bank calls it; with its last day when it used that name before: some begin their numbers anew."""
    named = BankStatement.objects.filter(hub=hub, iban=statement.iban, reference=statement.reference)
    if statement.reference and not named.exclude(until_on=statement.until_on).exists():
        return statement.reference
    return f"{statement.reference[:29]} {statement.until_on.isoformat()}".strip()


def _facts(movement: Movement) -> dict[str, object]:
    return {name: value for name, value in vars(movement).items() if name != "bank_reference"}


def _keys(statement: Statement) -> Iterator[str]:
    """A name for each movement that is the same in every statement that has it.

    The bank's own reference where it gives one, else a digest of all it says; with the place in a batch, and with how
    many like it came before on that day.
    """
    seen: Counter[str] = Counter()
    for movement in statement.movements:
        name = movement.bank_reference or _digest(movement)
        key = f"{statement.iban}:{name}:{movement.position}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}:{seen[key]}"


def _digest(movement: Movement) -> str:
    said = [str(value) for name, value in sorted(vars(movement).items())]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:40]


def _match(entries: Iterable[BankEntry], *, hub: Hub, by: User | None, now: datetime) -> None:
    """Pay what each names, day by day; everything that may be paid is locked first, in one order.

    Of a day what came in goes first: some banks write the newest first, and what comes back was there before.
    """
    rows = sorted(entries, key=lambda entry: (entry.booked_on, entry.amount < 0))
    register = matching.Register.of(hub)
    named = {entry.pk: list(register.named(entry)) for entry in rows}
    came_back = [payment for entry in rows if (payment := matching.reversed_by(entry))]
    reopened = Receivable.objects.filter(allocations__payment__in=came_back)
    allocating.hold([*(row for each in named.values() for _rule, found in each for row in found), *reopened])
    for entry in rows:
        if payout := payouts.of_entry(entry):
            payouts.book(entry, payout, now=now)
        elif entry.amount < 0:
            paying_off.come_back(entry, by=by, now=now)
        elif debits := register.batch(entry):
            paying_off.collect(entry, debits, by=by, now=now)
        else:
            paying_off.pay(entry, named[entry.pk], by=by, now=now)
