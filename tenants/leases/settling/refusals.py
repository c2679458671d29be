"""Why something about service costs is refused, in words for the person, with what to do next."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


class SettlingRefused(Exception):
    """Nothing was changed; `message` says why and what to do, in the language of the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class AlreadySettled(SettlingRefused):
    def __init__(self, year: int) -> None:
        super().__init__(
            _("%(year)d has been settled, and that does not change. Enter a difference in the next year.")
            % {"year": year}
        )


class NotReady(SettlingRefused):
    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))


class SettlementChanged(SettlingRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Something has changed since this settlement was made. Make it anew, look at it and approve it then."
            )
        )


class NotProposed(SettlingRefused):
    def __init__(self) -> None:
        super().__init__(_("There is no settlement of this year yet. Make it first."))


class BillKnown(SettlingRefused):
    def __init__(self) -> None:
        super().__init__(_("A bill of this supplier with this number has been entered already."))


class ReadingKnown(SettlingRefused):
    def __init__(self) -> None:
        super().__init__(_("For this room there is a reading already that covers some of these days."))


class HasErrors(SettlingRefused):
    def __init__(self) -> None:
        super().__init__(_("There are errors in the file. Nothing was stored."))


class FileChanged(SettlingRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Since you looked, something in Plein has changed. Look again and confirm it then.")
        )
