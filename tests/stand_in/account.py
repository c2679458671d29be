"""What an account at Stripe holds: its things, what it told about them, and its clock."""

import copy
import json
import secrets
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.stand_in.contract.checking import SCHEMAS, VERSION, blank
from tests.stand_in.refusals import missing

Thing = dict[str, Any]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
DAY = 86_400


class Account:
    """One account in test mode. Hold `lock` while looking or changing. `file` keeps it from one start to the next."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.file = file
        self.changed = threading.Condition()
        self.forget()
        if file and file.exists():
            kept = json.loads(file.read_text(encoding="utf-8"))
            self.things, self.owed = kept["things"], kept["owed"]
            self.paid_out, self.asked_of = kept["paid_out"], kept["asked_of"]

    def forget(self) -> None:
        """As new: no things, no letters owed, the clock of this machine."""
        self.things: dict[str, Thing] = {}
        self.owed: list[str] = []
        self.paid_out: dict[str, list[str]] = {}
        self.asked_of: dict[str, Thing] = {}
        self.at: int | None = None
        self.refunds_end = "succeeded"
        self.asking: dict[str, str | None] | None = None

    def now(self) -> int:
        """Seconds since 1970."""
        return int(time.time()) if self.at is None else self.at

    def set_clock(self, moment: datetime | None) -> None:
        """It is `moment` and stays so; None: the clock of this machine."""
        self.at = None if moment is None else int(moment.timestamp())

    def make(self, kind: str, prefix: str, **fields: Any) -> Thing:
        """A new thing, with all that may be null null."""
        name = f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(24))
        stamp = {"created": self.now(), "livemode": False, "metadata": {}}
        known = SCHEMAS[kind]["properties"]
        thing = blank(kind) | {key: value for key, value in stamp.items() if key in known}
        thing |= {"id": name, "object": kind, **fields}
        self.things[name] = thing
        return thing

    def find(self, kind: str, name: str, *, param: str = "id") -> Thing:
        """The thing itself. Raises Refused (resource_missing)."""
        thing = self.things.get(name)
        if thing is None or thing["object"] != kind:
            raise missing(kind, name, param=param)
        return thing

    def all(self, kind: str, **having: Any) -> list[Thing]:
        """The newest first."""
        return [
            thing
            for thing in reversed(self.things.values())
            if thing["object"] == kind and all(thing.get(key) == value for key, value in having.items())
        ]

    def tell(self, what: str, thing: Thing) -> Thing:
        """Something happened to `thing`, which stands in the event as it is now; a webhook is owed."""
        event = self.make(
            "event",
            "evt",
            api_version=VERSION,
            type=what,
            data={"object": copy.deepcopy(thing)},
            pending_webhooks=1,
            request=self.asking or {"id": None, "idempotency_key": None},
        )
        self.owed.append(event["id"])
        with self.changed:
            self.changed.notify_all()
        return event

    def save(self) -> None:
        """Keep it, when there is a file to keep it in."""
        if self.file:
            fresh = self.file.with_suffix(".new")
            kept = {
                "things": self.things,
                "owed": self.owed,
                "paid_out": self.paid_out,
                "asked_of": self.asked_of,
            }
            fresh.write_text(json.dumps(kept), encoding="utf-8")
            fresh.replace(self.file)
