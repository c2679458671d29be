"""`make run-payments`: what its processes are told, what a person is told, and that the stand-in ends as it should."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from config import preparing
from config.embedded import payments, supervisor
from config.embedded.place import Place
from config.embedded.refusal import NoStandIn
from tenants.billing.models import OnlineSettings
from tests import cast
from tests.stand_in.stand_in import StandIn

ROOT = Path(__file__).resolve().parents[3]


def test_a_run_with_payments_names_the_stand_in_and_the_other_run_does_not(tmp_path: Path) -> None:
    place = Place(ROOT, tmp_path)
    told = payments.settings(place, website=8000)
    [child] = payments.children(place, told, python=Path("python3"), website=8000)

    assert told["STRIPE_API_BASE"].rpartition(":")[2] in child.command
    assert told["STRIPE_SECRET_KEY"].startswith("sk_test_")
    assert payments.none(place, website=8000) == {}
    plain = supervisor.environment(place, url="", port=8000)
    assert payments.children(place, plain, python=Path("python3"), website=8000) == []


def test_without_the_stand_in_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoStandIn, match="make run"):
        payments.settings(Place(tmp_path, tmp_path), website=8000)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "staat uit"),
        ({"STRIPE_SECRET_KEY": "sk_test_" + "0" * 8}, "Er gaat geen echt geld om"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:8001"}, "Er gaat GEEN echt geld om"),
    ],
)
def test_a_start_says_whether_people_can_pay_online(
    told: dict[str, str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    payments.tell(told)

    assert words in capsys.readouterr().out


def test_the_stand_in_ends_when_it_is_asked_to_and_remembers_its_account(tmp_path: Path) -> None:
    kept = tmp_path / "account.json"
    command = [sys.executable, "-m", "tests.stand_in", "--keep", str(kept)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip().partition("=")[2]
        _post(f"{base}/v1/customers", "name=Accare")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    things = json.loads(kept.read_text(encoding="utf-8"))["things"].values()
    assert [thing["name"] for thing in things if thing["object"] == "customer"] == ["Accare"]


@pytest.mark.django_db(transaction=True)
def test_the_first_hub_takes_payments_beside_a_stand_in_unless_it_has_chosen(stripe_server: StandIn) -> None:
    hub = cast.hub()
    preparing.turn_online_on()
    chosen = OnlineSettings.objects.get()
    assert (chosen.hub, chosen.takes_payments, chosen.collects) == (hub, True, True)

    OnlineSettings.objects.update(takes_payments=False)
    preparing.turn_online_on()
    assert not OnlineSettings.objects.get().takes_payments


def _post(address: str, body: str) -> None:
    headers = {"Authorization": f"Bearer {payments.KEY}"}
    with urllib.request.urlopen(urllib.request.Request(address, body.encode(), headers), timeout=10):
        pass
