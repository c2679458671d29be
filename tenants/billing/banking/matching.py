"""What a movement of money pays, by what it says itself: payment reference, number of the debit, number in the text.

Only what names something is matched by itself. Names, accounts and amounts alone make a suggestion (see `suggesting`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spaces.models import Hub
from tenants.billing.models import Allocation, BankEntry, Debit, DebitState, Payment, Receivable

Rule = Allocation.Rule
WORDS = re.compile(r"\d+|[^\W\d_]+")
MOST_WORDS = 6
"""A reference is written in at most so many groups, also when the line breaks in it: 692 0260 0192."""
SHORTEST = 6
"""Anything shorter ("12", "maart") says nothing by itself."""


class Named(NamedTuple):
    """What a movement names, and by which rule it was found."""

    rule: str
    receivables: list[Receivable]


class Register:
    """All that was asked at a hub, to be found by number and by payment reference. Two queries."""

    def __init__(self, receivables: Iterable[Receivable], debits: Iterable[Debit] = ()) -> None:
        self.by_number: dict[str, list[Receivable]] = defaultdict(list)
        self.by_reference: dict[str, list[Receivable]] = defaultdict(list)
        self.by_pk: dict[int, Receivable] = {}
        for row in receivables:
            self.by_pk[row.pk] = row
            self.by_number[bare(row.number)].append(row)
            if row.payment_reference:
                self.by_reference[row.payment_reference.lstrip("0")].append(row)
        self.by_batch: dict[str, list[Debit]] = defaultdict(list)
        self.by_debit: dict[str, list[Receivable]] = defaultdict(list)
        for debit in debits:
            self.by_batch[f"{debit.batch.reference}-{debit.sequence}"].append(debit)
            self.by_debit[bare(debit.end_to_end)].append(self.by_pk[debit.receivable_id])

    @classmethod
    def of(cls, hub: Hub) -> "Register":
        sent = Debit.objects.filter(batch__hub=hub, batch__state=DebitState.SENT).select_related("batch")
        rows = Receivable.objects.filter(hub=hub).with_open().select_related("party").order_by("due_on", "pk")
        return cls(rows, sent)

    def named(self, entry: BankEntry) -> Iterator[Named]:
        """What money that came names, in the order of how sure it is; each receivable once."""
        seen: set[int] = set()
        for rule, found in self._found(entry):
            rows = [row for row in found if row.pk not in seen]
            seen.update(row.pk for row in rows)
            if rows:
                yield Named(rule, rows)

    def _found(self, entry: BankEntry) -> Iterator[tuple[str, list[Receivable]]]:
        yield Rule.REFERENCE, self.by_reference.get(bare(entry.reference).lstrip("0"), [])
        end_to_end = bare(entry.end_to_end)
        if len(end_to_end) >= SHORTEST:
            yield Rule.END_TO_END, self.by_debit.get(end_to_end) or self.by_number.get(end_to_end, [])
        yield from self.in_text(entry.text)

    def in_text(self, text: str) -> Iterator[tuple[str, list[Receivable]]]:
        """References and numbers in free text, in its order; the fewest words first, no word counts twice."""
        words = [found[0].casefold() for found in WORDS.finditer(text)]
        places: dict[int, tuple[str, list[Receivable]]] = {}
        for size in range(1, MOST_WORDS + 1):
            for start in range(len(words) - size + 1):
                together = "".join(words[start : start + size])
                found = self._called(together) if together else None
                if found:
                    places[start] = found
                    words[start : start + size] = [""] * size
        yield from (places[start] for start in sorted(places))

    def _called(self, word: str) -> tuple[str, list[Receivable]] | None:
        if len(word) < SHORTEST or not any(letter.isdigit() for letter in word):
            return None
        if word.isdigit() and (rows := self.by_reference.get(word.lstrip("0"))):
            return Rule.REFERENCE, rows
        return (Rule.NUMBER, self.by_number[word]) if word in self.by_number else None

    def batch(self, entry: BankEntry) -> list[Debit]:
        """The debits that an entry for a whole batch collected, when the bank names the batch and not its parts."""
        debits = self.by_batch.get(entry.batch, [])
        return debits if sum(debit.amount for debit in debits) == entry.amount else []


def reversed_by(entry: BankEntry) -> Payment | None:
    """The payment that came back with `entry`: same debit, same mandate, same amount, the last one. One query."""
    if entry.amount >= 0 or not entry.end_to_end or not (entry.is_reversal or entry.return_reason):
        return None
    came = Payment.objects.filter(
        hub=entry.hub_id, amount=-entry.amount, reversed_by__isnull=True, received_on__lte=entry.booked_on
    )
    same = came.filter(entry__end_to_end=entry.end_to_end) | came.filter(
        allocations__receivable__debits__end_to_end=entry.end_to_end, method=Payment.Method.DEBIT
    )
    return same.distinct().order_by("-received_on", "-pk").first()


def bare(text: str) -> str:
    """Letters and digits only, in lower case: "2026-0194" and "20260194" are the same number."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
