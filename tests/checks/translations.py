"""Is the Dutch catalogue complete, equal to the code, and compiled?"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import polib

from tests.checks import catalogue


def main() -> int:
    """Exit code 1 with every fault found."""
    if not catalogue.PO.exists() or not catalogue.MO.exists():
        print("There is no catalogue yet: make messages")
        return 1
    entries = list(polib.pofile(str(catalogue.PO)))
    faults = incomplete(entries) + stale(entries, polib.mofile(str(catalogue.MO))) + unlike_the_code(entries)
    print(*faults, f"translations: {len(entries)} sentences, {len(faults)} faults", sep="\n")
    return 1 if faults else 0


def incomplete(entries: list[polib.POEntry]) -> list[str]:
    """Sentences that are untranslated, doubtful, out of use, or lose a value that must be put in."""
    faults = []
    for entry in entries:
        if entry.obsolete or entry.fuzzy or not entry.translated():
            faults.append(f"not (surely) translated: {entry.msgid!r}")
        wanted = catalogue.placeholders(entry.msgid + (entry.msgid_plural or ""))
        if any(catalogue.placeholders(form) - wanted for form in catalogue.translation(entry)):
            faults.append(f"a value that the sentence does not have: {entry.msgid!r}")
        if not entry.msgid_plural and catalogue.placeholders(entry.msgstr) != wanted and entry.msgstr:
            faults.append(f"a value got lost: {entry.msgid!r}")
    return faults


def stale(entries: list[polib.POEntry], compiled: polib.MOFile) -> list[str]:
    """Whether the compiled catalogue says something else than the readable one."""
    readable = {catalogue.key(entry): catalogue.translation(entry) for entry in entries}
    in_use = {catalogue.key(entry): catalogue.translation(entry) for entry in compiled}
    return [] if readable == in_use else ["the compiled catalogue is not that of the .po file: make messages"]


def unlike_the_code(entries: list[polib.POEntry]) -> list[str]:
    """Sentences that the code has and the catalogue lacks, or the other way round; needs gettext's programs."""
    if shutil.which("xgettext") is None:
        print("xgettext (package gettext) is missing: sentences are not compared with the code")
        return ["xgettext is missing"] if os.environ.get("CI") else []
    with tempfile.TemporaryDirectory() as folder:
        code = {catalogue.key(entry) for entry in catalogue.sentences(Path(folder))}
    have = {catalogue.key(entry) for entry in entries}
    missing = [f"not in the catalogue: {msgid!r}" for _, msgid, _ in code - have]
    return missing + [f"no longer in the code: {msgid!r}" for _, msgid, _ in have - code]


if __name__ == "__main__":
    sys.exit(main())
