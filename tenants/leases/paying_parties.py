"""What each party pays of a period: one pays all of it, or several an agreed part of every line."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from spaces.money import Euro, divided, euro
from tenants.billing.charging import Owed
from tenants.leases import rent_reasons, sharing
from tenants.leases.models import Lease
from tenants.parties.models import Party

Bills = list[tuple[str, Party, list[Owed]]]
"""A source with who pays it and what."""


def bills(lease: Lease, source: str, lines: Sequence[Owed]) -> Bills:
    """`lines` by who pays them on their first day; the parts of each line add up to it.

    Who pays a whole period alone does so under its own name, parties that share it each under `:p<party>`.
    """
    of_party: dict[Party, list[Owed]] = {}
    for line in lines:
        for party, part in _parts(lease, line):
            of_party.setdefault(party, []).append(part)
    if len(of_party) < 2:
        return [(source, party, found) for party, found in of_party.items()] or [(source, lease.party, [])]
    return [(f"{source}:p{party.pk}", party, found) for party, found in of_party.items()]


def _parts(lease: Lease, line: Owed) -> Iterator[tuple[Party, Owed]]:
    payers = sharing.of_shares(lease, lease.shares.all(), line.starts_on)
    if len(payers) == 1:
        yield payers[0][0], line
        return
    nets = divided(line.net, [share for _party, share in payers])
    yield from _shared(line, zip(payers, nets, strict=True))


def _shared(line: Owed, parts: Iterable[tuple[tuple[Party, Fraction], Euro]]) -> Iterator[tuple[Party, Owed]]:
    """Each part is one line of what that part comes to."""
    for (party, share), net in parts:
        if net:
            why = rent_reasons.of_share(line.reason, share=share, net=euro(line.net), part=net)
            sign = Decimal(-1 if net < 0 else 1)
            told = {"quantity": sign, "unit": "part", "unit_price": abs(net), "net": net, "reason": why}
            yield party, Owed(**vars(line) | told)
