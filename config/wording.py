"""Sentences for a terminal, before translations are loaded: Dutch, or English where the locale says so."""

import os
from collections.abc import Mapping


def in_words(nl: str, en: str, *, environ: Mapping[str, str] | None = None) -> str:
    """The Dutch sentence; the English one when LC_ALL, LC_MESSAGES or LANG (first that is set) begins with "en"."""
    values = os.environ if environ is None else environ
    locale = next((values[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if values.get(name)), "")
    return en if locale.lower().startswith("en") else nl
