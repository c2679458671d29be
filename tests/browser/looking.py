"""What every page must be, whoever looks: clean for axe in both languages, in one language at a time, calm on the wire."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import polib
from playwright.sync_api import Page

from tests.browser.conftest import DESK, Visit
from tests.checks import catalogue
from tests.thorough import THOROUGH

LONG = 12
"""A sentence of so many characters is no text of the other language by chance."""
VERY_LONG = 30
"""And one of so many does not stand within somebody's own words by chance."""
WORDS = """() => {
  const root = document.documentElement.lang;
  const mine = (element) => (element.closest("[lang]")?.lang || root) === root;
  const found = document.querySelector("h1 [translate=no]") ? [] : [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (mine(node.parentElement) && !node.parentElement.closest("script, style, [translate=no]")) found.push(node.textContent);
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-label", "data-announce", "data-warning"])
    for (const element of document.querySelectorAll(`[${name}]`)) if (mine(element)) found.push(element.getAttribute(name));
  return found.map((text) => text.replace(/[ \\n\\t]+/g, " ").trim()).filter((text) => /\\p{L}{2}/u.test(text));
}"""
FACTS = """() => ({
  lang: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  widest: [...document.querySelectorAll("main *")]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth && !element.closest(".table-scroll, .day-scroll"))
    .map((element) => `${element.tagName}.${element.className}`).slice(0, 4),
})"""


def watch(page: Page, address: str) -> list[str]:
    """From now on: every request to another host and every complaint of the browser ends up in the list."""
    faults: list[str] = []

    def asked(request: Any) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != urlsplit(address).netloc:
            faults.append(f"asks another host: {request.url}")

    def said(message: Any) -> None:
        refused = re.search(r"Failed to load resource.*status of 4(00|03|09|22)", message.text)
        if message.type in ("error", "warning") and not refused:
            faults.append(f"{page.url} says {message.text}")

    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"{page.url} fails: {error}"))
    return faults


def in_both_languages(there: Visit, name: str) -> None:
    """The page in Dutch, then with the language switched to English by its own button, then back.

    Axe judges the Dutch one on a phone and the English one at a desk; in `make test-long` each of them on both.
    """
    on_a_phone = there.page.viewport_size != DESK
    alone(there, f"{name}-nl", language="nl", closely=THOROUGH or on_a_phone)
    switch(there, "en")
    alone(there, f"{name}-en", language="en", closely=THOROUGH or not on_a_phone)
    switch(there, "nl")


def switch(there: Visit, language: str) -> None:
    """Press the language, and wait for its page: what is typed before it has come is typed in the old one."""
    with there.page.expect_navigation():
        there.page.locator(f"form.language button[value={language}]").click()


def unseen(_there: Visit, _name: str) -> None:
    """Nothing: axe needs the JavaScript that this visitor has switched off."""


def alone(there: Visit, name: str, *, language: str = "nl", closely: bool = True) -> None:
    """Clean (`closely`: for axe too), with one heading, and without a sentence in the other language."""
    there.is_clean(name, closely=closely)
    facts = there.page.evaluate(FACTS)
    assert (facts["lang"], facts["headings"]) == (language, 1), f"{name}: {facts}"
    words = foreign_words(there.page, language=language)
    assert words == [], f"{name} is not all in {language}: {words}"


def foreign_words(page: Page, *, language: str) -> list[str]:
    """Texts of the page that are a whole sentence of the catalogue in the other language."""
    texts = {text for text in page.evaluate(WORDS) if len(text) >= LONG}
    together = "\n".join(texts)
    others = _sentences("en" if language == "nl" else "nl")
    possible = [_pattern(sentence) for part, sentence in others if part in together]
    return sorted(text for text in texts if any(pattern.search(text) for pattern in possible))


@cache
def _sentences(language: str) -> tuple[tuple[str, str], ...]:
    """Each sentence in this language that reads otherwise in the other one, with a part that is in it whatever values are."""
    found = set()
    for entry in polib.pofile(str(catalogue.PO)):
        dutch = set(catalogue.translation(entry))
        english = {entry.msgid, entry.msgid_plural or entry.msgid}
        mine, other = (dutch, english) if language == "nl" else (english, dutch)
        found |= {text for text in mine if text not in other and len(_bare(text)) >= LONG}
    return tuple((max(_pieces(text), key=len), text) for text in found)


def _bare(text: str) -> str:
    return catalogue.PLACEHOLDER.sub("", text).strip()


def _pieces(text: str) -> list[str]:
    """What stands around the values."""
    plain = " ".join(text.replace("%%", "%").split())
    return catalogue.PLACEHOLDER.sub("\0", plain).split("\0")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """The sentence with anything where a value goes in."""
    sentence = ".+?".join(map(re.escape, _pieces(text)))
    return re.compile(rf"(?<!\w){sentence}(?!\w)" if len(_bare(text)) >= VERY_LONG else rf"^{sentence}$")
