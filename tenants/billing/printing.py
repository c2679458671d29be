"""The only door to typst: words in, a tagged PDF out. Words go in as data, never as source."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

import typst

from tenants.parties.mailing import File

PAPER = Path(__file__).parent / "paper"
STANDARDS: list[Any] = ["a-3a", "ua-1"]
"""To be kept for ten years (PDF/A-3) and read aloud (PDF/UA)."""


def typeset(
    layout: Literal["invoice", "letter"],
    words: Mapping[str, Any],
    *,
    on: date,
    attached: File | None = None,
    told: str = "",
) -> bytes:
    """A PDF of `words` in a layout of paper/; `attached` (UTF-8 text) goes inside it, `told` says what that is.

    Runs no code and reads no file that the words name; a few milliseconds; the same words give the same bytes, dated
    `on`. Letters that no font of ours has would break the archive standard: such a paper is made without it.
    """
    data = printable(dict(words))
    data["issued"] = {name: getattr(on, name) for name in ("year", "month", "day")}
    if attached:
        data["file"] = {
            "name": attached.name, "type": attached.content_type, "description": told,
            "content": attached.content.decode(),
        }  # fmt: skip
    written = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(layout, written, on, STANDARDS)
    except typst.TypstError:
        return _compiled(layout, written, on, [])


def _compiled(layout: str, words: str, on: date, standards: list[Any]) -> bytes:
    made: bytes = typst.compile(
        str(PAPER / f"{layout}.typ"),
        root=str(PAPER),
        font_paths=[str(PAPER / "fonts")],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"words": words},
        pdf_standards=standards,
        timestamp=datetime.combine(on, time.min, tzinfo=UTC),
    )
    return made


def printable(value: Any) -> Any:
    """Without control characters, and with a box for symbols that no text font draws (emoji)."""
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return "".join(map(_glyph, value)) if isinstance(value, str) else value


def _glyph(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Cs", "Cf"):
        return " " if letter in "\t\n\r" else ""
    return "\N{WHITE SQUARE}" if kind in ("So", "Co", "Cn") or ord(letter) > 0xFFFF else letter
