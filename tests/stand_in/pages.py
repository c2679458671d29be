"""The pages a browser can click: to pay, the bank, to give a mandate. They work without JavaScript."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from tests.stand_in import checkout, office
from tests.stand_in.account import Account, Thing
from tests.stand_in.checkout import Ended
from tests.stand_in.frames import euros, frame
from tests.stand_in.words import WORDS

if TYPE_CHECKING:
    from tests.stand_in.server import Server

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """What goes back to the browser."""

    status: int
    body: str = ""
    kind: str = HTML
    to: str = ""


@dataclass(frozen=True)
class Visit:
    """Somebody on a page of a session, in their language, with what they filled in."""

    account: Account
    session: Thing
    language: str
    said: dict[str, str]

    def words(self, name: str) -> str:
        return escape(WORDS[name][self.language == "en"])


def show(server: "Server", method: str, path: str, body: str, wanted: str) -> Page:
    """The page at a path, after the form on it was sent."""
    said = {name: values[0] for name, values in parse_qs(body).items()}
    if path == "/style.css":
        return Page(200, STYLE, "text/css; charset=utf-8")
    if path == "/":
        if method == "POST":
            office.do(server.account, said)
            return Page(303, to="/")
        return Page(200, office.page(server.account, _language("auto", wanted)))
    place, _, name = path.strip("/").rpartition("/")
    session = server.account.things.get(name)
    if session is None or place not in {"c/pay", "bank"}:
        return Page(404, frame("unknown", "", "nl"))
    visit = Visit(server.account, session, _language(session["locale"], wanted), said)
    return _of_session(visit, place, method)


def _of_session(visit: Visit, place: str, method: str) -> Page:
    try:
        checkout.open_session(visit.account, visit.session["id"])
        if method == "GET":
            return _ask(visit) if place == "c/pay" else _bank(visit)
        return _pay(visit) if visit.session["mode"] == "payment" else _agree(visit)
    except Ended:
        return _ended(visit)


def _ask(visit: Visit, fault: str = "") -> Page:
    return _ask_to_pay(visit, fault) if visit.session["mode"] == "payment" else _ask_for_mandate(visit, fault)


def _ask_to_pay(visit: Visit, fault: str) -> Page:
    choices = []
    for kind in visit.session["payment_method_types"]:
        choices += [kind, "card_declined"] if kind == "card" else [kind]
    options = "".join(
        f'<label class="choice"><input type="radio" name="method" value="{kind}" required> <span>{visit.words(kind)}</span></label>'
        for kind in choices
    )
    inside = f"""{_about(visit)}{_fault(visit, fault)}<form method="post" action="/c/pay/{visit.session["id"]}">
<fieldset><legend>{visit.words("how")}</legend>{options}</fieldset>
<button>{visit.words("on")}</button></form>{_way_back(visit, "back")}"""
    return Page(200, frame("pay", inside, visit.language))


def _ask_for_mandate(visit: Visit, fault: str) -> Page:
    name = escape(visit.said.get("name", ""))
    accounts = "".join(
        f'<label class="choice"><input type="radio" name="account" value="{kind}" required> <span>{visit.words(kind)}</span></label>'
        for kind in ("good", "bad")
    )
    inside = f"""{_fault(visit, fault)}<form method="post" action="/c/pay/{visit.session["id"]}">
<p><label for="name">{visit.words("whose")}</label> <input id="name" name="name" value="{name}" autocomplete="name" required></p>
<fieldset><legend>{visit.words("which")}</legend>{accounts}</fieldset>
<button>{visit.words("agree")}</button></form>{_way_back(visit, "back_setup")}"""
    return Page(200, frame("setup", inside, visit.language))


def _bank(visit: Visit) -> Page:
    buttons = "".join(
        f'<button name="answer" value="{answer}" class="{kind}">{visit.words(name)}</button>'
        for answer, name, kind in [
            ("paid", "yes", ""),
            ("waiting", "later", "second"),
            ("declined", "no", "second"),
        ]
    )
    kind = escape(visit.said.get("method", "ideal"))
    inside = f"""{_about(visit)}<form method="post" action="/bank/{visit.session["id"]}">
<input type="hidden" name="method" value="{kind}">{buttons}</form>"""
    return Page(200, frame("bank", inside, visit.language))


def _pay(visit: Visit) -> Page:
    """A card is charged here; the others are asked at their bank first."""
    kind = visit.said.get("method", "").removesuffix("_declined")
    if kind not in visit.session["payment_method_types"]:
        return _ask(visit, "choose")
    answer = visit.said.get("answer", "")
    if kind == "card":
        answer = "paid" if visit.said["method"] == kind else "declined"
    if answer not in {"paid", "waiting", "declined"}:
        return _bank(visit)
    if kind == "sepa_debit" and answer == "paid":
        answer = "waiting"
    checkout.pay(visit.account, visit.session, method=kind, outcome=answer)
    return _ask(visit, "declined") if answer == "declined" else _on(visit)


def _agree(visit: Visit) -> Page:
    if not visit.said.get("name", "").strip():
        return _ask(visit, "name_missing")
    is_known = visit.said.get("account") == "good"
    checkout.complete_setup(
        visit.account, visit.session, name=visit.said["name"], last4="5264", agreed=is_known
    )
    return _on(visit) if is_known else _ask(visit, "unknown_account")


def _on(visit: Visit) -> Page:
    """To where we asked the payer to be sent."""
    return Page(303, to=_after(visit))


def _after(visit: Visit) -> str:
    return str(visit.session["success_url"]).replace("{CHECKOUT_SESSION_ID}", visit.session["id"])


def _ended(visit: Visit) -> Page:
    inside = f"<p>{visit.words('ended_why')}</p>{_way_back(visit, 'to_plein')}"
    return Page(200, frame("ended", inside, visit.language))


def _about(visit: Visit) -> str:
    lines = checkout.line_items(visit.account, visit.session)["data"]
    what = ", ".join(escape(line["description"]) for line in lines)
    amount = euros(visit.session["amount_total"], visit.language)
    return f'<p class="amount">{amount}</p><p translate="no">{what}</p>'


def _fault(visit: Visit, name: str) -> str:
    return f'<p class="fault" role="alert">{visit.words(name)}</p>' if name else ""


def _way_back(visit: Visit, name: str) -> str:
    is_over = visit.session["status"] == "complete" or not visit.session["cancel_url"]
    to = _after(visit) if is_over else visit.session["cancel_url"]
    return f'<p><a href="{escape(to)}">{visit.words(name)}</a></p>'


def _language(locale: str | None, wanted: str) -> str:
    """The one that we asked for, or else the browser's."""
    if locale in {"nl", "en"}:
        return locale
    return "en" if wanted.lower().startswith("en") else "nl"
