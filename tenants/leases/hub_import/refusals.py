"""Why an import does nothing; each message says what to do."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from tenants.leases.hub_import.plan import Plan


class ImportRefused(Exception):
    """Nothing was stored."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotAWorkbook(ImportRefused):
    """The file as a whole cannot be read."""


class HasErrors(ImportRefused):
    """The workbook can be read, but something in it must be mended first; `plan` has the findings."""

    def __init__(self, plan: "Plan") -> None:
        self.plan = plan
        super().__init__(_("There are errors in the workbook. Nothing was stored."))


class PlanChanged(ImportRefused):
    """Since the plan was shown, something in Plein changed, so that it would do something else now."""

    def __init__(self, plan: "Plan") -> None:
        self.plan = plan
        super().__init__(
            _("Since you looked, something in Plein has changed. Look at the plan again and confirm it then.")
        )


class Busy(ImportRefused):
    """Bookings or another import held the rooms for too long."""

    def __init__(self) -> None:
        super().__init__(_("Plein is busy with these rooms. Nothing was stored; try again in a minute."))
