"""What the change record notes of a request: who, and at which address, never with what is secret in it."""

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from pghistory import middleware

SECRETS = frozenset({"token", "key", "uidb36"})
"""Parts of an address that open something by themselves: a screen, a feed, a mailbox, a new password."""
HIDDEN = "…"


class HistoryMiddleware(middleware.HistoryMiddleware):
    """As the package's, with the secrets left out of the address."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        return context | {"url": address(request.path_info)}


def address(path: str) -> str:
    """The path with each secret in it hidden; one that leads nowhere is not kept."""
    try:
        found = resolve(path)
    except Resolver404:
        return HIDDEN
    secrets = (str(value) for name, value in found.kwargs.items() if name in SECRETS)
    for secret in sorted(secrets, key=len, reverse=True):
        path = path.replace(secret, HIDDEN)
    return path
