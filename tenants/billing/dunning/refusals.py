"""Why something of collecting cannot be done; each message says what to do."""

from datetime import date

from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing.refusals import PayingRefused


class DunningRefused(PayingRefused):
    """Nothing was sent, charged or agreed; `message` is for the person."""


class Changed(DunningRefused):
    """Somebody paid, or somebody else sent it, since the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("This has changed since you looked: somebody paid, or sent it already. Look again.")
        )


class RateUnknown(DunningRefused):
    """No statutory interest is known for a day: it is asked for, never taken as zero."""

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(
            _("The statutory interest on %(day)s is not known here. Enter it on the page of interest rates.")
            % {"day": wording.calendar_date(day)}
        )
