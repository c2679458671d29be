"""`manage.py invite EMAIL NAME --role director`: give somebody of staff a role; how the first director gets in."""

from argparse import ArgumentParser
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from spaces.models import Hub
from tenants.parties import people
from tenants.parties.models import Role, User
from tenants.parties.tasks import nudge


class Command(BaseCommand):
    help = "Geeft iemand een rol en mailt een uitnodiging. / Gives somebody a role and mails an invitation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="naam / name")
        parser.add_argument(
            "--role", choices=[role.value for role in Role.staff()], default=Role.DIRECTOR.value
        )
        parser.add_argument(
            "--hub", metavar="SLUG", help="welk gebouw, als er meer zijn / which hub, when there are several"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        people.invite(
            email=_checked("email", options["email"]), name=_checked("name", options["name"]),
            role=options["role"], hub=_hub(options["hub"]),
            party=None, by=None, now=timezone.now(),
        )  # fmt: skip
        nudge()
        self.stdout.write(f"{options['email']}: {options['role']}")


def _checked(field: str, value: str) -> str:
    """As a form would take it: an address that is one, no name longer than fits."""
    try:
        cast("forms.Field", forms.fields_for_model(User)[field]).clean(value)
    except ValidationError as error:
        raise CommandError(f"{field}: {' '.join(error.messages)}") from error
    return value.strip()


def _hub(slug: str | None) -> Hub:
    hubs = Hub.objects.filter(slug=slug) if slug else Hub.objects.all()
    names = ", ".join(Hub.objects.values_list("slug", flat=True)) or "-"
    if len(hubs) != 1:
        raise CommandError(f"--hub: kies een van / choose one of: {names}")
    return hubs[0]
