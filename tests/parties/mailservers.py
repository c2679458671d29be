"""Mail servers that misbehave, on this machine."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.mail.backends.locmem import EmailBackend

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


class DiesAfterSending(EmailBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Killed


class Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP; answers RCPT by the server's table."""

    def handle(self) -> None:
        self._say("220 test")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].rstrip(">")
                self._say(self.server.answers.get(recipient, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                self._read_message(recipient)
            else:
                self._say("221 bye" if verb == "QUIT" else "250 ok")

    def _read_message(self, recipient: str) -> None:
        while self.rfile.readline() not in (b".\r\n", b""):
            pass
        self.server.recipients.append(recipient)
        self.server.first_message.set()
        while self.server.slow:
            time.sleep(0.01)
        self._say("250 taken")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, answers: dict[str, str], *, slow: bool) -> None:
        """A slow one takes its first message and then does not answer until `slow` is put off."""
        self.answers, self.recipients, self.slow = answers, [], slow
        self.first_message = threading.Event()
        super().__init__(("127.0.0.1", 0), Conversation)

    @property
    def settings(self) -> dict[str, Any]:
        return {"EMAIL_BACKEND": SMTP, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": self.server_address[1]}


@contextmanager
def running(answers: dict[str, str], *, slow: bool = False) -> Iterator[Server]:
    """A mail server that answers each recipient as told, and takes the others."""
    with Server(answers, slow=slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def nobody_listens() -> dict[str, Any]:
    """Settings for a port on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return {"EMAIL_BACKEND": SMTP, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": taken.getsockname()[1]}
