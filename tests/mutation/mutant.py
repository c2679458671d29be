"""One deliberate defect."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """In `file` the words `sound` (there once) become `spoiled`; `seen_by` are paths of tests."""

    words: str
    file: str
    sound: str
    spoiled: str
    seen_by: tuple[str, ...]
