"""Every page that a role can reach by pressing links, in the LOC+ as it is lived in: whole, clean and in one language."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from bookings import demo
from spaces.models import Hub
from tenants.billing import tasks
from tenants.parties.models import User
from tenants.parties.tasks import send_letters
from tests import cast, demo_hub
from tests.billing import books
from tests.browser.conftest import AXE, DESK, NARROW, PHONE, SHOTS, Visit
from tests.browser.looking import FACTS, foreign_words, watch
from tests.thorough import THOROUGH, has_more

DOWNLOADS = {".csv", ".pdf", ".ics", ".xlsx", ".txt", ".zip", ".xml", ".xaf"}
FILES = {
    "mailbox-attachment", "mfa_download_recovery_codes", "lease-document", "lease-summary", "settlement-paper", "debit-file",
}  # fmt: skip
LOOKED: Counter[tuple[str, str]] = Counter()
ROLES_LOOK = 99 if THOROUGH else 1
"""So often each process looks at a page closely; after that it must open, fit and say what language it is in."""
AT_MOST = 60
VARIANTS = 2
"""So many addresses of one page: with other parameters it may show something else."""


@dataclass
class Crawl:
    """One role on its way from link to link; `pages` are the addresses by the name of their page."""

    there: Visit
    role: str
    pages: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def run(self) -> None:
        waiting = ["/"]
        known = {"/"}
        while waiting and sum(map(len, self.pages.values())) < AT_MOST:
            path = waiting.pop(0)
            if not self._is_new(path):
                continue
            for link in self._visit(path):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _is_new(self, path: str) -> bool:
        name = _name(path)
        before = self.pages.get(name, []) if name else [""] * VARIANTS
        if len(before) >= VARIANTS or any(_shape(path) == _shape(other) for other in before):
            return False
        self.pages.setdefault(name, []).append(path)
        return True

    def _visit(self, path: str) -> list[str]:
        if _is_file(path):
            answer = self.there.page.context.request.get(f"{self.there.address}{path}")
            self._expect(answer.status == 200, path, f"answers {answer.status}")
            return []
        answer = self.there.page.goto(f"{self.there.address}{path}")
        self._expect(answer is not None and answer.status == 200, path, f"answers {answer and answer.status}")
        self._look(path, language="nl")
        links = self.there.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        return [
            _local(link, self.there.address) for link in links if link.startswith(f"{self.there.address}/")
        ]

    def again_in_english(self) -> None:
        """The same pages at a desk, in English and in the dark."""
        self.there.page.set_viewport_size(DESK)
        self.there.page.emulate_media(color_scheme="dark")
        for paths in self.pages.values():
            if not _is_file(paths[0]):
                self.there.page.goto(f"{self.there.address}{paths[0]}")
                self._look(paths[0], language="en")

    def _look(self, path: str, *, language: str) -> None:
        facts = self.there.page.evaluate(FACTS)
        self._expect(facts["headings"] == 1, path, f"has {facts['headings']} h1")
        self._expect(facts["lang"] == language, path, f"says it is in {facts['lang']}")
        self._expect(
            facts["wide"] <= 0,
            path,
            f"scrolls {facts['wide']} px sideways at {self.there.page.viewport_size}",
        )
        name = _name(path)
        if SHOTS:
            self.there.page.screenshot(path=f"{SHOTS}/all-{self.role}-{name}-{language}.png", full_page=True)
        LOOKED[name, language] += 1
        if LOOKED[name, language] > ROLES_LOOK:
            return
        words = foreign_words(self.there.page, language=language)
        self._expect(not words, path, f"is not all in {language}: {words}")
        found = Axe().run(self.there.page, options=AXE)
        for violation in found.response["violations"]:
            where = [node["html"][:120] for node in violation["nodes"][:3]]
            self._expect(False, path, f"({language}) {violation['id']}: {where}")
        if language == "nl":
            self.there.page.set_viewport_size(NARROW)
            facts = self.there.page.evaluate(FACTS)
            self._expect(
                facts["wide"] <= 0, path, f"scrolls {facts['wide']} px sideways at 320: {facts['widest']}"
            )
            self.there.page.set_viewport_size(PHONE)

    def _expect(self, fine: object, path: str, words: str) -> None:
        if not fine:
            self.faults.append(f"{self.role} {path} {words}")


def _local(link: str, address: str) -> str:
    return urldefrag(link.removeprefix(address)).url


def _name(path: str) -> str:
    """The name of the page in the URL table; empty for what is no page, such as a style sheet."""
    try:
        return str(resolve(urlsplit(path).path).view_name)
    except Resolver404:
        return ""


def _is_file(path: str) -> bool:
    return PurePosixPath(urlsplit(path).path).suffix in DOWNLOADS or _name(path) in FILES


def _shape(path: str) -> frozenset[str]:
    return frozenset(name for name, _value in parse_qsl(urlsplit(path).query))


@pytest.fixture
def locplus(noon, transactional_db, settings, tmp_path) -> Hub:
    """The workbook of the LOC+, its people and their bookings, October invoiced, and the letters sent."""
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.EMAIL_BACKEND = "config.mailbox.FileBackend"
    hub = demo_hub.lived_in()
    books.approve_month(hub, month=date(2026, 10, 1), now=cast.NOW)
    tasks.issue_approved()
    tasks.send_documents()
    send_letters()
    return hub


PEOPLE = {login.email.partition("@")[0]: login.email for login in demo.LOGINS} | {
    "aanmelder": demo.APPLICANT.email
}


@has_more
@pytest.mark.parametrize("who", [*PEOPLE, "bezoeker"])
def test_every_page_that_can_be_reached_is_sound(locplus, visit, who):
    user = User.objects.filter(email=PEOPLE.get(who)).first()
    there = visit(user, viewport=PHONE)
    complaints = watch(there.page, there.address)
    crawl = Crawl(there, who)

    crawl.run()
    User.objects.update(language="en")
    there.page.context.add_cookies([{"name": "django_language", "value": "en", "url": there.address}])
    crawl.again_in_english()

    assert "start" in crawl.pages
    assert crawl.faults + complaints == []
