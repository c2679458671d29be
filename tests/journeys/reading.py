"""Reads pages as a person does: words, buttons with what they send, links."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client


class Page(HTMLParser):
    """The words of a page, and its forms with their fields."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.path = response.request["PATH_INFO"]
        self.forms: list[dict] = []
        self.links: dict[str, str] = {}
        self._said: list[str] = []
        self._link = ""
        self._in_button = self._in_heading = False
        self._button_of: str | None = None
        self.heading = ""
        self.html = response.content.decode()
        self.feed(self.html)

    @property
    def text(self) -> str:
        return (
            re.sub(r"\s+", " ", " ".join(self._said))
            .replace("\N{NO-BREAK SPACE}", " ")
            .replace("\N{WORD JOINER}", "")
        )

    def form(self, words: str) -> dict:
        """The form whose button says `words`."""
        return next(form for form in self.forms if words in re.sub(r"\s+", " ", form["button"]))

    def _pressed(self) -> dict:
        """The form of the button we are in: the one it names, also when that comes later, or the one around it."""
        if self._button_of is None:
            return self.forms[-1]
        named = [form for form in self.forms if form["id"] == self._button_of]
        return named[0] if named else {"button": ""}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            action = given.get("action") or self.path
            self.forms.append({"id": given.get("id"), "action": action, "fields": {}, "button": ""})
        elif tag == "input" and self.forms and given.get("name"):
            self.forms[-1]["fields"][given["name"]] = given.get("value", "")
        if tag == "button":
            self._in_button, self._button_of = True, given.get("form")
        self._in_heading = tag == "h1" or self._in_heading
        if tag == "a":
            self._link = given.get("href", "")

    def handle_endtag(self, tag):
        self._in_button = self._in_button and tag != "button"
        self._in_heading = self._in_heading and tag != "h1"
        self._link = "" if tag == "a" else self._link

    def handle_data(self, data):
        self._said.append(data)
        if self._in_button and self.forms:
            self._pressed()["button"] += data
        if self._in_heading:
            self.heading += data
        if self._link and data.strip():
            self.links.setdefault(data.strip(), self._link)


def see(client: Client, path: str) -> Page:
    return Page(client.get(path))


def press(client: Client, page: Page, words: str, **typed: str) -> Page:
    """Press the button that says `words`, with what was typed, and see where that leads."""
    form = page.form(words)
    return Page(client.post(form["action"], form["fields"] | typed, follow=True))
