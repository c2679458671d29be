"""The figures of the consumer price index as a table: which two belong to a day, or exactly what is missing."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from tenants.leases.indexing.formula import Pair, months_for
from tenants.leases.indexing.refusals import (
    FigureMissing,
    FigureProvisional,
    IndexRefused,
    MixedBases,
    NoFigures,
)
from tenants.leases.models import CpiFigure


class Figures:
    """All figures that were loaded, by base and month."""

    def __init__(self, rows: Iterable[CpiFigure]) -> None:
        self._by_base: defaultdict[str, dict[date, CpiFigure]] = defaultdict(dict)
        for row in rows:
            self._by_base[row.base][row.month] = row

    @classmethod
    def load(cls) -> "Figures":
        """One query."""
        return cls(CpiFigure.objects.all())

    @property
    def bases(self) -> list[str]:
        """The one with the latest month first: CBS goes on with that one."""
        return sorted(self._by_base, key=lambda base: (max(self._by_base[base]), base), reverse=True)

    def usable(self, on: date) -> list[str]:
        """The bases on which both figures for a change on `on` are there and definitive, newest base first."""
        return [base for base in self.bases if self._fault(base, on) is None]

    def pair(self, on: date, *, base: str = "") -> Pair:
        """The two figures for a change on `on`: on `base`, or on the newest base that has both.

        Raises NoFigures, FigureMissing, FigureProvisional or MixedBases with what is missing, for the newest base.
        """
        usable = self.usable(on)
        if base not in self._by_base:
            if not self.bases:
                raise NoFigures
            base = usable[0] if usable else self.bases[0]
        fault = self._fault(base, on)
        if fault is not None:
            raise fault
        old, new = (self._by_base[base][month] for month in months_for(on))
        return Pair(old, new)

    def latest(self, base: str) -> CpiFigure:
        return self._by_base[base][max(self._by_base[base])]

    def _fault(self, base: str, on: date) -> IndexRefused | None:
        months = months_for(on)
        found = [self._by_base[base].get(month) for month in months]
        for figure in found:
            if figure is not None and figure.status != CpiFigure.Status.DEFINITIVE:
                return FigureProvisional(figure)
        missing = [month for month, figure in zip(months, found, strict=True) if figure is None]
        if len(missing) == 1:
            other = self._elsewhere(missing[0], base)
            known = next(figure for figure in found if figure is not None)
            return MixedBases(known, other) if other else FigureMissing(base, missing)
        return FigureMissing(base, missing) if missing else None

    def _elsewhere(self, month: date, base: str) -> CpiFigure | None:
        others = (self._by_base[other].get(month) for other in self.bases if other != base)
        return next((figure for figure in others if figure), None)
