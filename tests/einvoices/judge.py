"""Asks the rule sets about an e-invoice: one process for a whole test run, started at the first question."""

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.einvoices import dutch_rules


@cache
def _judge() -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.einvoices.rules"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == '"ready"\n'
    return process


def errors(content: bytes) -> list[str]:
    """What XSD, CEN, Peppol (when it says it is Peppol's) and the Dutch rules have against it; none is what we want."""
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        Path(file.name).write_bytes(content)
        _judge().stdin.write(f"{file.name}\n")
        _judge().stdin.flush()
        answer = _judge().stdout.readline()
    assert answer, "the process with the rules has died"
    return [*json.loads(answer), *dutch_rules.errors(content)]
