"""Between an empty or older database and an installation that can serve. Every step may be done again."""

import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation
from pgmq import get_embedded_install_sql

from bookings import demo as demo_data
from config.embedded.terminal import step
from config.wording import in_words
from spaces.models import Hub
from tenants.billing.models import OnlineSettings
from tenants.billing.online import settings as online

DEMO = Path(__file__).parent / "demo"
DEMO_WORKBOOK = DEMO / "locplus.xlsx"


def installation() -> None:
    """Tables, cache table, broker and static files; what an upgrade needs too."""
    with step("tabellen bijwerken", "tables up to date"):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if settings.CELERY_BROKER_URL.startswith("pgmq:"):
            install_broker()
    with step("stijlen en plaatjes", "styles and pictures"):
        call_command("collectstatic", verbosity=0, interactive=False)


def install_broker() -> None:
    """The tables and functions of the broker that lives in the database; once, a second call changes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pgmq.meta') IS NULL")
        if cursor.fetchone()[0]:
            cursor.execute(get_embedded_install_sql())


def demo() -> list[tuple[str, str, str]]:
    """The LOC+ hub through the real importer, with people and bookings to look at; returns role, e-mail, password.

    An installation that has a hub already keeps it as it is.
    """
    if not Hub.objects.exists():
        with step("de LOC+ inlezen uit Excel", "reading the LOC+ from Excel"):
            _quietly("import_hub", str(DEMO_WORKBOOK))
            director_files()
    with step("voorbeeldboekingen", "example bookings"):
        _quietly("load_demo")
    if settings.STRIPE_API_BASE:
        turn_online_on()
    with translation.override(in_words("nl", "en")):
        return demo_data.logins()


def turn_online_on() -> None:
    """Beside a stand-in every way of paying can be tried. Where somebody has chosen already, that stays."""
    hub = Hub.objects.order_by("pk").first()
    if hub is None or OnlineSettings.objects.exists():
        return
    usual = OnlineSettings(hub=hub)
    everything = online.Choice(
        takes_payments=True,
        collects=True,
        methods=usual.methods,
        pay_minutes=usual.pay_minutes,
        debit_limit=usual.debit_limit,
    )
    online.change(hub, everything)


def director_files() -> None:
    """What the director hands over besides: index figures, and what is still open in the old books."""
    _quietly("import_cpi", str(DEMO / "cpi.csv"))
    _quietly("import_open_items", str(DEMO / "openstaande-posten.csv"))


def _quietly(command: str, *arguments: str) -> None:
    """What the command says is shown only when it fails."""
    said = io.StringIO()
    try:
        call_command(command, *arguments, verbosity=0, stdout=said)
    except BaseException:
        print(said.getvalue())
        raise
