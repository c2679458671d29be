"""Stripe's own command line tool, another client by other hands, finds an account at the other end of the line."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.stand_in.stand_in import KEY, StandIn

pytestmark = pytest.mark.long
STRIPE_CLI = "@stripe/cli@1.52.0"

Cli = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """The tool. Without node, or without a registry to get it from, it is not asked."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed: no second client to ask")
    folder = tmp_path_factory.mktemp("stripe-cli")
    command = ["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        [*command, "--prefix", str(folder), STRIPE_CLI],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"{STRIPE_CLI} could not be installed: {done.stderr.strip()[-300:]}")
    return folder / "node_modules" / ".bin" / "stripe"


@pytest.fixture
def cli(program: Path, stripe_server: StandIn, tmp_path: Path) -> Cli:
    """cli("customers", "list"): what it prints. It reports to nobody, and keeps its own things in a folder of the test."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "STRIPE_CLI_TELEMETRY_OPTOUT": "1"}

    def ask(*words: str) -> dict[str, Any]:
        done = subprocess.run(
            [program, *words, "--api-base", stripe_server.url],
            env={**environ, "STRIPE_API_KEY": KEY, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)

    return ask


PAGE = (
    "checkout", "sessions", "create", "--mode", "payment", "--success-url", "http://127.0.0.1/",
    "-d", "line_items[0][quantity]=1", "-d", "line_items[0][price_data][currency]=eur",
    "-d", "line_items[0][price_data][unit_amount]=4200", "-d", "line_items[0][price_data][product_data][name]=Zaal",
)  # fmt: skip


def test_a_page_is_opened_paid_on_and_refunded_once_for_each_key(cli: Cli, stripe_server: StandIn) -> None:
    session = cli(*PAGE, "-d", "allowed_payment_method_types[0]=ideal")
    intent = stripe_server.pay(session["url"])

    seen = cli("checkout", "sessions", "retrieve", session["id"], "--expand", "payment_intent")
    assert (seen["payment_status"], seen["payment_intent"]["amount_received"]) == ("paid", 4200)
    back = [
        cli("refunds", "create", "--payment-intent", intent["id"], "--amount", "1000", "-i", "once")
        for _ in range(2)
    ]
    assert back[0]["id"] == back[1]["id"]
    moves = cli("balance_transactions", "list", "--limit", "5")["data"]
    assert [(move["type"], move["net"]) for move in moves] == [("payment_refund", -1000), ("payment", 4171)]
    assert cli("events", "list", "--limit", "1")["data"][0]["type"] == "charge.refunded"
    assert stripe_server.broken == []


def test_it_is_refused_in_the_same_words(cli: Cli) -> None:
    code = "payment_method_types_no_longer_supported"
    assert cli(*PAGE, "-d", "payment_method_types[0]=card")["error"]["code"] == code
    assert cli("customers", "retrieve", "cus_nobody")["error"]["code"] == "resource_missing"
    setup = cli("checkout", "sessions", "create", "--mode", "setup", "--success-url", "http://127.0.0.1/")
    assert setup["error"]["param"] == "currency"
