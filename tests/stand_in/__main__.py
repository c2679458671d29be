"""Runs the stand-in alone, for trying out: `python -m tests.stand_in --port 12111 --website http://127.0.0.1:8000`."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from tests.stand_in.account import Account
from tests.stand_in.stand_in import KEY, StandIn


def main() -> int:
    """Until it is told to end. The secret of its webhooks is the first of STRIPE_WEBHOOK_SECRETS, or a new one."""
    parser = argparse.ArgumentParser(prog="python -m tests.stand_in", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--website", help="where to send the webhooks; without it they are held")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="what to remember until the next start")
    said = parser.parse_args()
    ending = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    stand_in = StandIn(Account(said.keep), port=said.port)
    given = os.environ.get("STRIPE_WEBHOOK_SECRETS", "").partition(",")[0]
    stand_in.post.secrets = [given or stand_in.secret]
    stand_in.post.keep_sending(said.website)
    sys.stdout.write(f"STRIPE_API_BASE={stand_in.url}\nSTRIPE_SECRET_KEY={KEY}\n")
    if not given:
        sys.stdout.write(f"STRIPE_WEBHOOK_SECRETS={stand_in.secret}\n")
    sys.stdout.flush()
    ending.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
