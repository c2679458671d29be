"""What a sender gets wrong is told as the sender's fault, before Django sees it."""

from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.wsgi import get_wsgi_application

from config.threshold import Threshold


def answer(**told: str) -> tuple[str, bytes]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/gezond/levend",
        "HTTP_HOST": "localhost",
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []
    application = Threshold(get_wsgi_application())
    body = application(environ | told, lambda status, headers, error=None: statuses.append(status))  # type: ignore[arg-type]
    return statuses[0], b"".join(body)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded; charset=rot13",
        "multipart/form-data; boundary=x; charset=unicode_escape",
        "multipart/form-data; boundary=x; CHARSET=utf-16",
        "text/plain; charset*=rot13''x",
        "text/plain; charset=no-such-thing",
    ],
)
def test_a_body_in_another_encoding_is_a_bad_request(content_type: str) -> None:
    status, body = answer(CONTENT_TYPE=content_type)

    assert status == "400 Bad Request"
    assert "verzoek" in body.decode()


@pytest.mark.parametrize("length", ["-1", "x", "²"])
def test_a_length_that_is_none_is_a_bad_request(length: str) -> None:
    assert answer(CONTENT_LENGTH=length)[0] == "400 Bad Request"


@pytest.mark.parametrize("length", ["6000001", "9" * 5000])
def test_a_body_that_is_too_large_is_not_read(length: str) -> None:
    assert answer(CONTENT_LENGTH=length)[0] == "413 Content Too Large"


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["", "text/plain; charset=UTF-8", "application/json; charset=utf8"])
def test_others_come_in(content_type: str) -> None:
    assert answer(CONTENT_TYPE=content_type, REQUEST_METHOD="GET", CONTENT_LENGTH="")[0] == "200 OK"
