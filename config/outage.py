"""The page for a fault: 503 while the database is away, 500 for a mistake of ours. Asks nothing of the database."""

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from config.logs import in_short

log = logging.getLogger(__name__)

RETRY_SECONDS = "10"


def server_error(request: HttpRequest) -> HttpResponse:
    """Called by Django while the exception is being handled; the code on the page is in the log beside the fault."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_SECONDS})
    code = secrets.token_hex(3).upper()
    log.error("fault %s at %s: %s", code, request.path, in_short(fault))
    return HttpResponse(render_to_string("500.html", {"code": code}), status=500)
