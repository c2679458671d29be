"""What every page has: the words that it is a test, above all else."""

from html import escape

from tests.stand_in.words import WORDS


def frame(title: str, inside: str, language: str) -> str:
    """A whole page, with the words that say that it is a test above all else."""
    words = {name: escape(both[language == "en"]) for name, both in WORDS.items()}
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{words[title]} · TEST</title><link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,"></head>
<body><header><p class="test">{words["test"]}</p></header>
<main><h1>{words[title]}</h1>{inside}</main>
<footer><p>{words["what"]}</p></footer></body></html>"""


def euros(cents: int, language: str) -> str:
    """€ 1.234,56 in Dutch, €1,234.56 in English."""
    text = f"{cents / 100:,.2f}"
    return f"€{text}" if language == "en" else "€ " + text.translate(str.maketrans(",.", ".,"))
