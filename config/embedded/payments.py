"""`make run-payments`: a stand-in for Stripe beside the website, so that a newcomer can click through a payment."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from config.embedded import web
from config.embedded.place import Place
from config.embedded.processes import Child
from config.embedded.refusal import NoStandIn
from config.embedded.terminal import say

WORD = "payments"
"""`python -m config.embedded payments`."""
KEY = "sk_test_" + "stand" + "in0000000000000000"
"""In parts: it opens nothing, but it looks like one that does."""


def none(_place: Place, *, website: int) -> dict[str, str]:
    """A run without it: nothing more is told, and what the shell says about Stripe stays."""
    return {}


def settings(place: Place, *, website: int) -> dict[str, str]:
    """What all processes are told: the stand-in on the first free port after the website's. Raises NoStandIn."""
    if not (place.root / "tests" / "stand_in").is_dir():
        raise NoStandIn
    port = next(number for number in range(website + 1, 65_536) if web.is_free(number))
    return {
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRETS": f"whsec_{secrets.token_hex(16)}",
        "STRIPE_API_BASE": f"http://{web.HOST}:{port}",
    }


def children(place: Place, told: Mapping[str, str], *, python: Path, website: int) -> list[Child]:
    """The stand-in, when this run has one; it tells the website what happened, and keeps its account in `var`."""
    if told.get("STRIPE_SECRET_KEY") != KEY:
        return []
    port = told["STRIPE_API_BASE"].rpartition(":")[2]
    command = [
        str(python),
        "-m",
        "tests.stand_in",
        "--port",
        port,
        "--keep",
        str(place.var / "stand-in.json"),
    ]
    command += ["--website", f"http://{web.HOST}:{website}"]
    return [Child("stand-in", command, place.log("stand-in"))]


def tell(told: Mapping[str, str]) -> None:
    """What a person should know about paying online in this run."""
    base = told.get("STRIPE_API_BASE")
    if base:
        say(
            f"\nOnline betalen: met een nagebouwde betaalpagina. Er gaat GEEN echt geld om.\nHet testkantoor: {base}/",
            f"\nOnline payment: on an imitation payment page. NO real money moves.\nThe test office:  {base}/",
        )
    elif told.get("STRIPE_SECRET_KEY"):
        say(
            "\nOnline betalen: met uw testsleutel van Stripe. Er gaat geen echt geld om.",
            "\nOnline payment: with your test key of Stripe. No real money moves.",
        )
    else:
        say(
            "\nOnline betalen staat uit: facturen worden per bank betaald. Uitproberen: make run-payments",
            "\nOnline payment is off: invoices are paid by bank transfer. To try it: make run-payments",
        )
