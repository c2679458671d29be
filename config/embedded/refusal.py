"""Why the embedded run does not start, told to a person together with what to do about it."""

from config.wording import in_words


class StartRefused(Exception):
    """The start cannot go on. `str()` is a sentence in the language of the terminal, with the way out in it."""

    def __init__(self, *, nl: str, en: str) -> None:
        super().__init__(in_words(nl, en))
