"""Does the tree hold something that belongs to one machine, or to nobody but its owner?"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# written in parts, so that this file does not find itself
FORBIDDEN = {
    "the host of a package registry": re.compile(
        "pypi\\.org|python[h]osted\\.org|npmjs\\.(org|com)|deb\\.debian"
    ),
    "a path of one machine": re.compile("(?<![\\w.])/(work|root|home/[a-z]+)/"),
    "a private key": re.compile("BEGIN [A-Z ]*PRIVATE KEY"),
    "a secret of a payment provider": re.compile("\\b[srp]k_(live|test)_[A-Za-z0-9]{8}|whsec_[A-Za-z0-9]{8}"),
    "a token": re.compile("gh[ps]_[A-Za-z0-9]{20}|AKIA[A-Z0-9]{16}"),
}


def main() -> int:
    """Exit code 1 with file and line of every find."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    faults = [fault for name in listed.split("\0") if name for fault in look_at(ROOT / name)]
    print(*faults, f"tree: {len(faults)} things that do not belong in it", sep="\n")
    return 1 if faults else 0


def look_at(file: Path) -> list[str]:
    """One line for every find in a text file; other files are left alone."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, FileNotFoundError):
        return []
    return [
        f"{file.relative_to(ROOT)}:{number}: {what}"
        for number, line in enumerate(lines, start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


if __name__ == "__main__":
    sys.exit(main())
