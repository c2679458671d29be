"""`manage.py controleer`: is all that must always be true, true? Exit code 1 when it is not."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config import controlling


class Command(BaseCommand):
    help = "Controleert alle invarianten; stopt met code 1 als er een niet klopt. / Proves all invariants."

    def handle(self, *args: Any, **options: Any) -> None:
        spoken = next(
            (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
        )
        with translation.override("en" if spoken.lower().startswith("en") else "nl"):
            self._control()

    def _control(self) -> None:
        answers = controlling.control(now=timezone.now())
        for answer in answers:
            counts = {"checked": answer.looked.checked, "broken": len(answer.looked.broken)}
            counted = _("%(checked)d looked at, %(broken)d broken") % counts
            self.stdout.write(f"{'✗' if answer.looked.broken else '✓'} {answer.words}: {counted}")
            for line in answer.shown:
                self.stdout.write(f"    {line}")
        broken = sum(bool(answer.looked.broken) for answer in answers)
        if broken:
            told = ngettext("%(count)d invariant is broken.", "%(count)d invariants are broken.", broken)
            raise CommandError(told % {"count": broken})
        self.stdout.write(_("All is as it should be."))
