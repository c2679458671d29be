"""What the VAT position of a party, in the words of the workbook or the form, says about taxed letting.

Taxed letting is only possible to a tenant who uses the rooms for 90 % or more for taxed work, 70 % in a few sectors,
and who is not under the small businesses scheme (art. 11-1-b-5° Wet OB; Belastingdienst). The position is free text.
"""

import re

_NO_INPUT_TAX = re.compile(r"(?i)\bkor\b|kleineondernemer|zorg|\bcare\b|vrijgesteld|exempt")
_PARTLY_TAXED = re.compile(r"(?i)gedeeltelijk|deels|gemengd|partly|mixed")


def may_opt(vat_position: str) -> bool:
    """Whether letting to a party in this position can be taxed at all: not when it is care-exempt or under KOR."""
    return not _NO_INPUT_TAX.search(vat_position)


def must_prove(vat_position: str) -> bool:
    """Whether only a part of its work is taxed: then taxed letting needs its signed statement, every year."""
    return may_opt(vat_position) and bool(_PARTLY_TAXED.search(vat_position))
