"""`manage.py load_demo`: people and bookings to look at; for the embedded run only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookings import demo


class Command(BaseCommand):
    help = "Maakt demo-inloggers en voorbeeldboekingen voor de LOC+. / Makes demo logins and bookings for the LOC+."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            demo.load(now=timezone.now())
        except demo.NotEmbedded as error:
            raise CommandError(
                "Dit kan alleen in de meegeleverde opstelling (make run): de wachtwoorden zijn bekend. / "
                "Only in the embedded run (make run): the passwords are known."
            ) from error
        if options["verbosity"]:
            for label, email, password in demo.logins():
                self.stdout.write(f"{label}: {email} {password}")
