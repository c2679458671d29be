"""The stand-in behind an address on this machine."""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.stand_in import pages
from tests.stand_in.account import Account
from tests.stand_in.answering import Answer, Desk

HOST = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """Answers on a port of this machine only (0: a free one)."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, account: Account, *, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.account = account
        self.url = f"http://{HOST}:{self.server_address[1]}"
        self.desk = Desk(account, self.url)

    def start(self) -> None:
        """In a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who closes the line before the answer is no fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: Server

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if not parts.path.startswith("/v1"):
            self._page(method, parts.path, body)
            return
        text = body if method == "POST" else parts.query
        self._api(self.server.desk.answer(method, parts.path, text=text, headers=self.headers))

    def _api(self, answer: Answer) -> None:
        time.sleep(answer.seconds)
        if answer.status == 0:
            self.close_connection = True
            return
        headers = {"Content-Type": "application/json", "Request-Id": "req_test", **answer.headers}
        self._send(answer.status, json.dumps(answer.body).encode(), headers)

    def _page(self, method: str, path: str, body: str) -> None:
        wanted = self.headers.get("Accept-Language", "")
        with self.server.account.lock:
            page = pages.show(self.server, method, path, body, wanted)
            self.server.account.save()
        headers = {"Content-Type": page.kind, "Cache-Control": "no-store"}
        self._send(page.status, page.body.encode(), headers | ({"Location": page.to} if page.to else {}))

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
