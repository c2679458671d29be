"""Spoils the program in one place at a time and looks whether a test sees it; writes docs/mutations.md.

`make mutants` runs all of them in a copy of the tree (a minute each); `WORDS=refund make mutants` runs those
that name a refund, and leaves the document alone.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import copy2

from tests.mutation.line import OF_THE_LINE
from tests.mutation.mutant import Mutant
from tests.mutation.paying import OF_PAYING

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "mutations.md"
HEAD = """# Deliberate defects

Each row is one place where paying online would go wrong if somebody changed it. `make mutants` puts the defect into a
copy of the program, runs the tests that are named, and expects them to fail. One that lives is a test that is missing.

| Defect | Where | Seen by |
|---|---|---|
"""


def main(asked: list[str]) -> int:
    """Exit code 1 when a defect was not seen, or could not be put in."""
    wanted = [each for each in (*OF_PAYING, *OF_THE_LINE) if " ".join(asked) in each.words]
    with tempfile.TemporaryDirectory(prefix="plein-mutants-") as folder:
        tree = Path(folder)
        _copy(tree)
        if _seen(sorted({test for mutant in wanted for test in mutant.seen_by}), tree) != "lived":
            print("These tests fail without any defect: mend that first.")
            return 1
        outcomes = {mutant: outcome for mutant in wanted for outcome in _tried(mutant, tree)}
    lived = [mutant.words for mutant, outcome in outcomes.items() if outcome != "killed"]
    if not asked and not lived:
        REPORT.write_text(HEAD + "".join(map(_row, outcomes)), encoding="utf-8")
    print(f"{len(outcomes) - len(lived)} of {len(outcomes)} defects seen", *lived, sep="\n  ")
    return 1 if lived else 0


def _tried(mutant: Mutant, tree: Path) -> Iterator[str]:
    """ "killed", "lived" or "not there", printed as well."""
    file = tree / mutant.file
    sound = file.read_text(encoding="utf-8")
    if sound.count(mutant.sound) != 1:
        outcome = "not there"
    else:
        file.write_text(sound.replace(mutant.sound, mutant.spoiled), encoding="utf-8")
        outcome = _seen(mutant.seen_by, tree)
        file.write_text(sound, encoding="utf-8")
    print(f"{outcome:10} {mutant.words}", flush=True)
    yield outcome


def _seen(tests: Iterable[str], tree: Path) -> str:
    """ "killed" when one of these tests fails, "lived" when all pass, else "broken"."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly", *tests]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        print(done.stdout[-2000:], done.stderr[-2000:])
        return "broken"
    return "killed" if done.returncode else "lived"


def _copy(tree: Path) -> None:
    """What git knows, as it stands now; the environment is shared."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        target = tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            copy2(ROOT / name, target)
    (tree / ".venv").symlink_to(ROOT / ".venv")


def _row(mutant: Mutant) -> str:
    tests = ", ".join(f"`{test.rpartition('/')[2]}`" for test in mutant.seen_by)
    return f"| {mutant.words} | `{mutant.file}` | {tests} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
