"""Which party in Plein a party of the workbook is, and where only a person can tell.

A KvK number is public and its owner here may change it: alone it proves nothing. Whoever could take over a row by
typing a tenant's number would have that tenant's account, with its IBAN, after the next import.
"""

from django.utils.translation import gettext as _

from tenants.leases.hub_import.findings import Findings
from tenants.leases.hub_import.people import HEADERS
from tenants.leases.hub_import.present import Present
from tenants.leases.hub_import.sheets import plain
from tenants.leases.hub_import.wanted import Draft, Wanted

_LEGAL_FORMS = {
    "bv", "nv", "vof", "cv", "ua", "ba", "gr", "stichting", "vereniging", "maatschap", "eenmanszaak", "cooperatie",
}  # fmt: skip


def check(draft: Draft, present: Present, findings: Findings) -> None:
    """Add an error for each party that may be somebody else's row in Plein."""
    for party in draft.parties:
        _check_number(party, present, findings)
        if present.find("parties", [*party.also, party.key]) is None and party.key in present.applied:
            findings.error(
                party.at("name", HEADERS["name"]),
                _("Somebody applied under this name. Decide on that application first."),
            )


def _check_number(party: Wanted, present: Present, findings: Findings) -> None:
    place = party.at("kvk", HEADERS["kvk"])
    if any(key in present.applied for key in party.also):
        findings.error(place, _("Somebody applied with this KvK number. Decide on that application first."))
    stored = present.find("parties", party.also)
    if stored is not None and not is_same_name(stored.label, party.label):
        text = _(
            "In Plein this number belongs to “%(name)s”. Mend the number, or write the name as it is in Plein."
        )
        findings.error(place, text % {"name": stored.label})


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ in no more than case, spaces, marks and the legal form: "Accare" and "ACCARE B.V."."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    words = plain(name.replace(".", "")).split()
    return "".join(word for word in words if word not in _LEGAL_FORMS) or "".join(words)
