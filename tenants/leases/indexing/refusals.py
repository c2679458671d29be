"""Why a rent is not indexed, in words for the director, with what to do next."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from spaces import wording
from tenants.leases.naming import month

if TYPE_CHECKING:
    from tenants.leases.models import CpiFigure, Lease


class IndexRefused(Exception):
    """Nothing was changed; `message` says why and what to do, in the language of the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class NoClause(IndexRefused):
    def __init__(self) -> None:
        super().__init__(_("No indexation was agreed in this lease."))


class NoFigures(IndexRefused):
    def __init__(self) -> None:
        super().__init__(_("No index figures have been loaded yet. Load the file of CBS first."))


class FigureMissing(IndexRefused):
    def __init__(self, base: str, months: Sequence[date]) -> None:
        named = _("%(first)s and %(second)s") % dict(
            zip(("first", "second"), map(month, months), strict=False)
        ) if len(months) > 1 else month(months[0])  # fmt: skip
        super().__init__(
            _("The index figure of %(months)s (%(base)s) is missing. Load a file that has it.")
            % {"months": named, "base": base}
        )


class FigureProvisional(IndexRefused):
    def __init__(self, figure: "CpiFigure") -> None:
        super().__init__(
            _(
                "The index figure of %(month)s (%(base)s) is still provisional: %(value)s. "
                "Load the definitive one first."
            )
            % {
                "month": month(figure.month),
                "base": figure.base,
                "value": wording.number(figure.value, least=2),
            }
        )


class MixedBases(IndexRefused):
    def __init__(self, one: "CpiFigure", other: "CpiFigure") -> None:
        super().__init__(
            _(
                "The index figure of %(one)s is on base %(one_base)s, that of %(other)s on base %(other_base)s. "
                "Two bases cannot be mixed: load both figures on one base."
            )
            % {
                "one": month(one.month),
                "one_base": one.base,
                "other": month(other.month),
                "other_base": other.base,
            }
        )


class NotTheFirst(IndexRefused):
    def __init__(self, day: date) -> None:
        super().__init__(
            _("A rent is indexed from the first day of a month. Choose %(day)s instead.")
            % {"day": wording.calendar_date(day.replace(day=1))}
        )


class IndexChanged(IndexRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Something has changed since you looked. Nothing was indexed; look at the proposal again.")
        )


class BackPayUnsaid(IndexRefused):
    def __init__(self, lease: "Lease") -> None:
        super().__init__(
            _(
                "For lease %(number)s months after this day have been charged already. "
                "Say whether the difference is asked."
            )
            % {"number": lease.number}
        )


class LeaseOver(IndexRefused):
    def __init__(self, lease: "Lease") -> None:
        super().__init__(
            _("Lease %(number)s has no days left that are not charged yet: there is nothing to index.")
            % {"number": lease.number}
        )
