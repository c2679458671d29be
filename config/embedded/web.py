"""The port of the website: which one, whether it is free, and whether our server answers on it."""

import os
import socket
import time
import urllib.error
import urllib.request

from config.embedded.refusal import PortInUse, PortNotANumber, PortNotForUs

DEFAULT_PORT = 8000
HOST = "127.0.0.1"
PORT_SECONDS = 5.0
"""The web server of a run that was cut off needs a moment to let go of its port."""


def wanted_port() -> int:
    """PORT, or 8000. Raises PortNotANumber."""
    raw = os.environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not (raw.isascii() and raw.isdigit()) or not 1 <= int(raw) <= 65_535:
        raise PortNotANumber(raw)
    return int(raw)


def refuse_port_in_use(port: int, *, patience: float = PORT_SECONDS) -> None:
    """Raises PortInUse, naming a free one, when somebody still has the port after `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while not is_free(port):
        if time.monotonic() > give_up_at:
            raise PortInUse(port, free=next(number for number in range(port + 1, 65_536) if is_free(number)))
        time.sleep(0.2)


def is_free(port: int) -> bool:
    """Whether a server could listen there now. Raises PortNotForUs for one that the system keeps for root."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as fault:
            raise PortNotForUs(port) from fault
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether our website says there that it lives."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/gezond/levend", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
