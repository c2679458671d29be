"""Index figures for tests: those of the demo, and a few by hand."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from tenants.leases import cpi
from tenants.leases.indexing.formula import Pair
from tenants.leases.models import CpiFigure
from tests.cast import NOW

PATH = Path(__file__).parents[2] / "config/demo/cpi.csv"
HEADER = "period,base,value,status,source"


@cache
def real() -> bytes:
    """220 figures on two bases, the last of each provisional."""
    return PATH.read_bytes()


def load() -> None:
    cpi.store(real(), now=NOW)


def written(*rows: str) -> bytes:
    """written("2026-09,2025=100,104.10,definitief,CBS")"""
    return "\n".join([HEADER, *rows]).encode()


def figure(value: str, *, base: str = "2025=100", month: str = "2025-09") -> CpiFigure:
    """One that is in no table."""
    return CpiFigure(
        base=base, month=date.fromisoformat(f"{month}-01"), value=Decimal(value), status="definitive"
    )


def pair(new: str, old: str, *, base: str = "2025=100") -> Pair:
    """pair("100.97", "97.86"): the new figure first, as in the formula."""
    return Pair(figure(old, base=base, month="2024-09"), figure(new, base=base))
