"""What every command line of Plein has in common: its language, the file it reads, and which hub is meant."""

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from spaces.models import Hub


def language() -> str:
    """Dutch, unless the terminal speaks English."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    spoken = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "en" if spoken.lower().startswith("en") else "nl"


def content_of(file: Path, *, most: int) -> bytes:
    """The first `most` + 1 bytes of a file. Raises CommandError with a plain sentence when it cannot be read."""
    if file.is_dir():
        raise CommandError(_("%(file)s is a folder. Name the file in it.") % {"file": file})
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except FileNotFoundError as error:
        words = _("%(file)s does not exist. Check the name and the folder.")
        raise CommandError(words % {"file": file}) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        words = _("%(file)s cannot be read: %(reason)s.")
        raise CommandError(words % {"file": file, "reason": reason}) from error


def folder(path: Path) -> Path:
    """The folder to write in, made when it is not there. Raises CommandError when that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = _("%(file)s cannot be used as a folder: %(reason)s.")
        reason = error.strerror or type(error).__name__
        raise CommandError(words % {"file": path, "reason": reason}) from error
    return path


def add_hub_argument(parser: ArgumentParser) -> None:
    """`--hub SLUG`; needed with more than one hub."""
    parser.add_argument(
        "--hub", default="", help="welke hub, bij meer dan één / which hub, with more than one"
    )


def hub_named(slug: str) -> Hub:
    """The hub of that name, or the only one. Raises CommandError, naming the hubs there are."""
    hubs = list(Hub.objects.order_by("slug"))
    found = [hub for hub in hubs if hub.slug == slug] if slug else hubs
    if len(found) == 1:
        return found[0]
    if not hubs:
        raise CommandError(_("There is no hub yet. Read one in first: manage.py import_hub FILE.xlsx"))
    names = ", ".join(hub.slug for hub in hubs)
    raise CommandError(_("Say which hub is meant with --hub: %(names)s.") % {"names": names})
