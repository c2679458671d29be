"""The Dutch catalogue: where it is, and which sentences the code and the templates hold."""

import contextlib
import os
import re
import shutil
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ("bookings", "config", "spaces", "tenants")
PO = ROOT / "config" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
METADATA = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "nl",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
    "Project-Id-Version": "plein",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def sentences(folder: Path) -> polib.POFile:
    """Every sentence to translate, as gettext's own program finds them; `folder` is for its files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.static_settings")
    if not settings.configured:
        django.setup()
    for name in HOUSE:  # a copy, because makemessages puts a file beside every template while it reads
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("locale", "static", "__pycache__")
        )
    target = folder / "locale"
    (target / "nl" / "LC_MESSAGES").mkdir(parents=True)
    settings.LOCALE_PATHS = [target]
    makemessages.Command.msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    with contextlib.chdir(folder):
        call_command("makemessages", locale=["nl"], add_location="file", no_wrap=True, verbosity=0)
    return polib.pofile(str(target / "nl" / "LC_MESSAGES" / "django.po"), wrapwidth=0)


def key(entry: polib.POEntry | polib.MOEntry) -> tuple[str | None, str, str]:
    """What makes a sentence itself: its context and its words, singular and plural."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural or ""


def translation(entry: polib.POEntry | polib.MOEntry) -> list[str]:
    """Its translations: one, or one for each plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    """The names and marks that a value is put in for."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}
