"""The LOC+ as the demo shows it: the director's workbook, its people, and some weeks of their bookings."""

from django.core.management import call_command

from bookings import demo
from config import preparing
from config.preparing import DEMO_WORKBOOK
from spaces.models import Hub
from tests import cast, databases


@databases.made_once
def lived_in() -> Hub:
    call_command("import_hub", str(DEMO_WORKBOOK), verbosity=0)
    preparing.director_files()
    demo.load(now=cast.NOW)
    return Hub.objects.get()
