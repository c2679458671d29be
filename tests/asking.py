"""Asking pages one thing after another, each undone again: what was a fault, and whether they looked at what was sent."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.handlers import wsgi
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.http import request as http_request
from django.test import Client


class Watched(QueryDict):
    """What was sent, counting how often a page looks at it."""

    times = 0
    is_filled = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_filled = True

    def __getitem__(self, name: str) -> Any:
        Watched.times += self.is_filled
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        Watched.times += self.is_filled
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        Watched.times += self.is_filled
        return super().__iter__()

    def lists(self) -> Any:
        Watched.times += self.is_filled
        return super().lists()

    def _getlist(self, name: str, default: Any = None, force_list: bool = False) -> Any:  # noqa: FBT001 - Django's
        Watched.times += self.is_filled
        return super()._getlist(name, default, force_list)


class Answers:
    """Asks one thing after another, each undone again, and keeps what was a fault."""

    def __init__(self) -> None:
        self.faults: dict[tuple[str, str, str], str] = {}
        self.was_read = False
        """Whether the page that was asked last looked at anything of what it was sent."""

    def ask(self, client: Client, method: str, path: str, data: Mapping[str, object]) -> str:
        read_before = Watched.times
        text = self._ask(client, method, path, data)
        self.was_read = Watched.times > read_before
        return text

    def _ask(self, client: Client, method: str, path: str, data: Mapping[str, object]) -> str:
        undone = transaction.atomic()
        undone._from_testcase = True  # so that a use-case may open its own, as without this one
        with undone:
            try:
                answer = self._sent(client, method, path, urlencode(data))
            except Exception as fault:
                transaction.set_rollback(True)
                self.faults.setdefault(
                    (method, path, f"{type(fault).__name__}: {fault}"[:160]), str(data)[:200]
                )
                return ""
            transaction.set_rollback(True)
        if answer.status_code >= 500 and answer.status_code != 503:
            self.faults[method, path, str(answer.status_code)] = str(data)[:200]
        return "" if answer.streaming else answer.content.decode(errors="replace")

    def _sent(self, client: Client, method: str, path: str, data: str) -> HttpResponse:
        if method == "GET":
            return client.get(f"{path}?{data}" if data else path)
        return client.post(path, data, content_type="application/x-www-form-urlencoded")


def watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on it is seen whether a page looks at what it is sent."""
    for module in (wsgi, http_request):
        monkeypatch.setattr(module, "QueryDict", Watched)
