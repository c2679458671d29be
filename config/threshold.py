"""What is refused before Django makes a request of it: there, a fault of the sender would be a bare fault of ours."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_BODY = 6_000_000
"""In bytes; a workbook to import has 5 MB at most."""
BAD = ("400 Bad Request", "Dit verzoek is niet te lezen. / This request cannot be read.")
TOO_LARGE = ("413 Content Too Large", "Dit is te groot: hoogstens 6 MB. / This is too large: at most 6 MB.")


class Threshold:
    """Answers 400 for a body in any other encoding than UTF-8 and 413 for one over LARGEST_BODY; passes on the rest."""

    def __init__(self, inside: "WSGIApplication") -> None:
        self.inside = inside

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        refusal = _refusal(environ)
        if refusal is None:
            return self.inside(environ, start_response)
        status, words = refusal
        body = words.encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]


def _refusal(environ: "WSGIEnvironment") -> tuple[str, str] | None:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or not _is_utf8(environ.get("CONTENT_TYPE") or ""):
        return BAD
    return TOO_LARGE if len(length) > 12 or int(length) > LARGEST_BODY else None


def _is_utf8(content_type: str) -> bool:
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except (LookupError, ValueError):  # charset*=rot13''x
        return False
    return charset.lower() in {"utf-8", "utf8"}
