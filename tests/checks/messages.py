"""`make messages`: collect the sentences, merge translations from dictionaries, compile the catalogue.

A dictionary is a JSON file: {"sentence": "zin"}, for plurals {"one|many": ["een", "veel"]}.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polib

from tests.checks import catalogue


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 when a sentence is left without a translation; the catalogue is written all the same."""
    known = (
        {catalogue.key(entry): entry for entry in polib.pofile(str(catalogue.PO))}
        if catalogue.PO.exists()
        else {}
    )
    offered = read_dictionaries(Path(arguments[0])) if arguments else {}
    with tempfile.TemporaryDirectory() as folder:
        fresh = catalogue.sentences(Path(folder))
    for entry in fresh:
        fill(entry, known.get(catalogue.key(entry)), offered.pop(catalogue.key(entry)[1:], None))
    write(fresh)
    missing = [entry.msgid for entry in fresh if not entry.translated()]
    _tell("not in the code any more, or spelled otherwise:", [msgid for msgid, _ in offered])
    _tell("without a translation:", missing)
    print(f"{len(fresh)} sentences, {len(missing)} to translate")
    return 1 if missing else 0


def read_dictionaries(folder: Path) -> dict[tuple[str, str], list[str]]:
    """All dictionaries of a folder in the order of their names; of two translations the first one counts."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in sorted(folder.glob("*.json")):
        for words, given in json.loads(file.read_text(encoding="utf-8")).items():
            msgid, _, plural = words.partition("|") if isinstance(given, list) else (words, "", "")
            forms = given if isinstance(given, list) else [given]
            if found.setdefault((msgid, plural), forms) != forms:
                print(
                    f"two translations of {msgid!r}: {found[msgid, plural]} is kept, {file.name} says {forms}"
                )
    return found


def fill(entry: polib.POEntry, old: polib.POEntry | None, offered: list[str] | None) -> None:
    """Give an entry its translation: the offered one, or what the catalogue had."""
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    forms = offered or (catalogue.translation(old) if old and "fuzzy" not in old.flags else None)
    if forms and entry.msgid_plural:
        entry.msgstr_plural = dict(enumerate(forms))
    elif forms:
        entry.msgstr = forms[0]


def write(fresh: polib.POFile) -> None:
    """Write the catalogue sorted by sentence and without dates, so that a change shows what changed."""
    target = polib.POFile(wrapwidth=110)
    target.metadata = catalogue.METADATA
    for entry in sorted(fresh, key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        entry.occurrences = sorted(entry.occurrences)
        target.append(entry)
    catalogue.PO.parent.mkdir(parents=True, exist_ok=True)
    target.save(str(catalogue.PO))
    target.save_as_mofile(str(catalogue.MO))


def _tell(head: str, lines: list[str]) -> None:
    if lines:
        print(head, *(f"  {line!r}" for line in lines), sep="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
